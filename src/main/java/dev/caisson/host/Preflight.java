package dev.caisson.host;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The look at the host, once and again when the engine was away: in the background, so that the
 * service does not start later for it. A caller that needs the report waits.
 */
@Component
public class Preflight {
  private static final Logger log = LoggerFactory.getLogger(Preflight.class);

  private final HostInspector inspector;
  private final HostProperties properties;
  private final RegistryMirrors mirrors;
  private final MeterRegistry meters;
  private final Clock clock;
  private String instance = "";
  private List<String> reachable = List.of();
  private @Nullable FutureTask<HostReport> look;
  private @Nullable String told;

  public Preflight(
      HostInspector inspector,
      HostProperties properties,
      RegistryMirrors mirrors,
      MeterRegistry meters,
      Clock clock) {
    this.inspector = inspector;
    this.properties = properties;
    this.mirrors = mirrors;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Sets the service to look for.
   *
   * @param service its id
   * @param places with ports on the host that its sandboxes need, besides those configured
   * @param registryMirrors of the daemons in its sandboxes, as URLs
   */
  public synchronized void serve(
      String service, List<String> places, List<String> registryMirrors) {
    instance = service;
    reachable = places;
    mirrors.serve(registryMirrors);
  }

  /** Begins a look at the host, the first or another; returns at once. */
  public synchronized void look() {
    begin();
  }

  private void begin() {
    FutureTask<HostReport> begun = new FutureTask<>(this::examine);
    look = begun;
    Thread.ofVirtual().name("preflight").start(begun);
  }

  private synchronized FutureTask<HostReport> current() {
    // One that failed says nothing of the host as it is now.
    if (look == null || look.state() == FutureTask.State.FAILED) {
      begin();
    }
    return Objects.requireNonNull(look);
  }

  /**
   * Returns the report of the latest look, once that is over; after one that failed, the next call
   * looks again.
   *
   * @throws RuntimeException with which the look failed
   */
  public HostReport report() throws InterruptedException {
    try {
      return current().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }

  /**
   * Returns the report of a new look, or of one that is under way: something was missing that may
   * have come meanwhile.
   */
  public HostReport again() throws InterruptedException {
    synchronized (this) {
      if (look == null || look.isDone()) {
        begin();
      }
    }
    return report();
  }

  private synchronized PlacementSettings ground() {
    return new PlacementSettings(
        instance, properties.network().allowing(reachable), properties.parentCgroups());
  }

  private HostReport examine() {
    long from = System.nanoTime();
    EngineReport engine = inspector.engine();
    mirrors.apart(engine.rootless());
    Findings findings = findings(engine);
    HostChoices choices = new HostChoices(engine, findings, properties);
    List<Mode> modes = choices.modes();
    Choice docker = choices.isolation(modes, true);
    Choice network = choices.network();
    Duration took = Duration.ofNanos(System.nanoTime() - from);
    meters.timer("caisson.host.preflight").record(took);
    HostReport report =
        new HostReport(
            clock.instant(),
            took.toMillis(),
            engine,
            findings,
            choices.isolation(modes, false),
            docker,
            choices.storageDriver(),
            network,
            choices.disk(),
            List.of(),
            modes,
            choices.warnings(docker, network));
    tell(report.with(mirrors.look()));
    return report;
  }

  private Findings findings(EngineReport engine) {
    EngineReport.Obstacle obstacle = engine.obstacle();
    if (obstacle != null) {
      return Findings.none(obstacle.reason());
    }
    return engine.kit().present()
        ? inspector.examine(ground())
        : Findings.none("the kit is not on the engine: build it with kit/build.sh");
  }

  /** Logs the report, once, and again when it has changed. */
  private void tell(HostReport report) {
    String now =
        report.isolation().value()
            + report.dockerIsolation()
            + report.network()
            + report.warnings();
    synchronized (this) {
      if (now.equals(told)) {
        return;
      }
      told = now;
    }
    log.atInfo()
        .addKeyValue("engine", report.engine().version())
        .addKeyValue("cgroup", report.engine().cgroupVersion())
        .addKeyValue("isolation", report.isolation().value())
        .addKeyValue("docker_isolation", report.dockerIsolation().value())
        .addKeyValue("storage", report.storageDriver().value())
        .addKeyValue("network", report.network().value())
        .addKeyValue("took_ms", report.tookMs())
        .log("host is examined");
    report.warnings().forEach(warning -> log.warn("host: {}", warning));
  }
}
