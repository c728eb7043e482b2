package dev.caisson.lifecycle;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The end of callers' waits when the service stops: in the default phase, which is before the web
 * server stops to wait for them and long before the links to the supervisors are closed.
 */
@Component
final class SandboxWaits implements SmartLifecycle {
  private final Sandboxes sandboxes;
  private volatile boolean running;

  SandboxWaits(Sandboxes sandboxes) {
    this.sandboxes = sandboxes;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    sandboxes.endWaits();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
