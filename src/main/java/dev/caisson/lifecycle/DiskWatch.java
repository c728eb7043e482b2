package dev.caisson.lifecycle;

import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The watch over the disk, which ends sandboxes: one that keeps more than it may, and the largest
 * while there is nearly nothing free on the host.
 */
@Component
final class DiskWatch implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(DiskWatch.class);

  /** The longest time the end of one sandbox is waited for before the next is chosen. */
  private static final Duration END = Duration.ofSeconds(60);

  private final Sandboxes sandboxes;
  private final DiskLedger ledger;
  private final HostDisk disk;
  private final DiskProperties properties;
  private @Nullable Thread thread;

  DiskWatch(Sandboxes sandboxes, DiskLedger ledger, HostDisk disk, DiskProperties properties) {
    this.sandboxes = sandboxes;
    this.ledger = ledger;
    this.disk = disk;
    this.properties = properties;
  }

  @Override
  public synchronized void start() {
    thread = Thread.ofVirtual().name("disk-watch").start(this::run);
  }

  @Override
  public synchronized void stop() {
    Thread running = thread;
    thread = null;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return thread != null;
  }

  /** Starts the watch after the sandboxes are known, and stops it before they no longer are. */
  @Override
  public int getPhase() {
    return ServiceLifecycle.PHASE + 1;
  }

  private void run() {
    try {
      while (!Thread.interrupted()) {
        Thread.sleep(properties.look());
        try {
          look();
        } catch (RuntimeException e) {
          // The next look may find what this one did not.
          log.warn("the disk of sandboxes cannot be looked at: {}", e.toString());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks once, and ends the sandboxes that must end. */
  void look() throws InterruptedException {
    HostDisk.Low low = disk.below(properties.endBelow());
    if (low != null) {
      endLargest(low);
      return;
    }
    for (SandboxId id : ledger.look(ready(), disk.taken())) {
      end(id, "it keeps %d bytes, and may keep %d".formatted(ledger.kept(id), ledger.bound(id)));
    }
  }

  private void endLargest(HostDisk.Low low) throws InterruptedException {
    Optional<Map.Entry<SandboxId, Long>> largest =
        ledger.all(ready()).entrySet().stream().max(Map.Entry.comparingByValue());
    if (largest.isEmpty()) {
      log.warn("host: {}, and there is no sandbox to end for it", low);
      return;
    }
    SandboxId id = largest.get().getKey();
    end(id, "%s, and it was the largest with %d bytes".formatted(low, largest.get().getValue()));
    sandboxes.await(id, sandbox -> sandbox.state().isTerminal(), END);
  }

  private List<Sandbox> ready() {
    return sandboxes.list().stream()
        .filter(sandbox -> sandbox.state() == SandboxState.READY)
        .toList();
  }

  private void end(SandboxId id, String why) {
    log.atWarn()
        .addKeyValue("sandbox", id)
        .addKeyValue("why", why)
        .log("disk is full: sandbox ends");
    sandboxes.end(id, EndReason.DISK_FULL, why);
  }
}
