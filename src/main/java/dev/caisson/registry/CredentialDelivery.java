package dev.caisson.registry;

import dev.caisson.lifecycle.DaemonListener;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.DaemonStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The delivery of the credentials to a sandbox when its daemon is first heard of, and before any
 * caller learns that it is ready: a pull that is typed in the sandbox has them, too.
 */
@Component
final class CredentialDelivery implements DaemonListener {
  private static final Logger log = LoggerFactory.getLogger(CredentialDelivery.class);

  private final ObjectProvider<Registries> registries;

  /**
   * @param registries asked for late, since the sandboxes, which it needs, need this
   */
  CredentialDelivery(ObjectProvider<Registries> registries) {
    this.registries = registries;
  }

  @Override
  public void changed(SandboxId sandbox, @Nullable DaemonStatus before, DaemonStatus now) {
    boolean ready =
        now.state() == DaemonStatus.State.READY
            && (before == null || before.state() != DaemonStatus.State.READY);
    if (now.state() == DaemonStatus.State.DISABLED || !(before == null || ready)) {
      return;
    }
    try {
      registries.getObject().handToIfThere(sandbox);
    } catch (SandboxException e) {
      log.atWarn()
          .addKeyValue("sandbox", sandbox)
          .addKeyValue("error", e.getMessage())
          .log("registry credentials could not be read");
    }
  }
}
