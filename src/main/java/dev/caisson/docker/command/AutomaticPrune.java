package dev.caisson.docker.command;

import dev.caisson.lifecycle.DaemonListener;
import dev.caisson.process.ProcessException;
import dev.caisson.process.Processes;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.DiskUse;
import dev.caisson.supervisor.wire.Request;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The listener that makes room on a disk that has become fuller than the watermark, once each time:
 * it removes dangling images and build cache, which have no name.
 */
@Component
final class AutomaticPrune implements DaemonListener {
  private static final Logger log = LoggerFactory.getLogger(AutomaticPrune.class);

  private final double watermark;

  /** The processes, fetched when needed: they know the sandboxes, and those their listeners. */
  private final ObjectProvider<Processes> processes;

  private final Set<SandboxId> pruning = ConcurrentHashMap.newKeySet();

  AutomaticPrune(SandboxProperties properties, ObjectProvider<Processes> processes) {
    this.watermark = properties.docker().pruneAt();
    this.processes = processes;
  }

  @Override
  public void changed(SandboxId sandbox, @Nullable DaemonStatus before, DaemonStatus now) {
    DiskUse use = now.disk();
    if (use != null && isOver(now) && (before == null || !isOver(before)) && pruning.add(sandbox)) {
      log.atInfo()
          .addKeyValue("sandbox", sandbox)
          .addKeyValue("used", use.used())
          .addKeyValue("limit", use.limit())
          .log("disk is over the watermark, dangling images and build cache are removed");
      Thread.ofVirtual().name("prune-" + sandbox).start(() -> prune(sandbox));
    }
  }

  private boolean isOver(DaemonStatus status) {
    DiskUse use = status.disk();
    return watermark > 0
        && status.state() == DaemonStatus.State.READY
        && use != null
        && use.fullness() >= watermark;
  }

  private void prune(SandboxId sandbox) {
    try {
      for (Request.Start start : PruneRequest.safe()) {
        processes.getObject().run(sandbox, start);
      }
    } catch (SandboxException | SupervisorException | ProcessException e) {
      // The sandbox may be ending; a disk that is still full is reported in any case.
      log.atWarn()
          .addKeyValue("sandbox", sandbox)
          .addKeyValue("error", e.getMessage())
          .log("the automatic prune did not come to its end");
    } finally {
      pruning.remove(sandbox);
    }
  }
}
