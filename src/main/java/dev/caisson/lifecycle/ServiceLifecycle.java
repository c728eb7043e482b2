package dev.caisson.lifecycle;

import dev.caisson.host.Preflight;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.SandboxProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The start and the stop of the service, as far as its sandboxes are concerned. They outlive it:
 * when it starts it adopts what is its own on the engine and removes what is half-made.
 */
@Component
public final class ServiceLifecycle implements SmartLifecycle {
  /** The phase of the sandboxes: what writes the history begins before it, and ends after it. */
  public static final int PHASE = 1;

  private static final Logger log = LoggerFactory.getLogger(ServiceLifecycle.class);

  private final History history;
  private final Preflight preflight;
  private final SandboxReconcilers keepers;
  private final StartupRecovery recovery;
  private final SandboxProperties properties;
  private volatile boolean running;
  private @Nullable AutoCloseable watch;

  ServiceLifecycle(
      History history,
      Preflight preflight,
      SandboxReconcilers keepers,
      StartupRecovery recovery,
      SandboxProperties properties) {
    this.history = history;
    this.preflight = preflight;
    this.keepers = keepers;
    this.recovery = recovery;
    this.properties = properties;
  }

  @Override
  public void start() {
    running = true;
    history.open();
    SandboxProperties.Docker docker = properties.docker();
    preflight.serve(history.instance(), docker.places(), docker.registryMirrors());
    keepers.count(history.counts());
    recovery.adopt();
    history.sweep(keepers::forgotten);
    watch = recovery.watch();
  }

  @Override
  public void stop() {
    running = false;
    try {
      if (watch != null) {
        watch.close();
      }
    } catch (Exception e) {
      log.warn("engine watch did not close", e);
    }
    keepers.all().forEach(SandboxReconciler::close);
    history.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * Begins before the server answers and ends after it: what streams is ended before its source.
   */
  @Override
  public int getPhase() {
    return PHASE;
  }
}
