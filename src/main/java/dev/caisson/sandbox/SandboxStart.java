package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Brings one sandbox up, stage by stage, and remembers how long each took. */
final class SandboxStart {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final SandboxWorld world;
  private final Sandbox sandbox;
  private final Logbook logbook;
  private final List<Startup.Stage> stages = new ArrayList<>();
  private final long began = System.nanoTime();
  private @Nullable String container;

  SandboxStart(SandboxWorld world, Sandbox sandbox, Logbook logbook) {
    this.world = world;
    this.sandbox = sandbox;
    this.logbook = logbook;
  }

  /** What came of it. */
  record Result(String container, Supervisor supervisor, Engine.Image image) {}

  /** Does it; what was made until a failure is {@link #container()}. */
  Result run() {
    SandboxSpec spec = sandbox.spec();
    Engine engine = world.engine();
    Engine.Image image = stage("image", () -> engine.image(spec.image(), this::progress));
    stage("kit", engine::kit);
    String made = stage("create", () -> create(image));
    container = made;
    stage(
        "start",
        () -> {
          engine.start(made);
          return made;
        });
    Supervisor supervisor = stage("supervisor", this::connect);
    try {
      stage("configure", () -> supervisor.ask(configuration(image)));
      if (spec.startImage() && !image.command().isEmpty()) {
        supervisor.ask(
            new Request.Start(image.command(), false, null, Map.of(), null, true, null, 0, 0));
      }
      return new Result(made, supervisor, image);
    } catch (RuntimeException e) {
      supervisor.close();
      throw e;
    }
  }

  /** The container, as soon as it was made. */
  @Nullable String container() {
    return container;
  }

  Startup measured() {
    return new Startup((System.nanoTime() - began) / 1_000_000, stages, false);
  }

  private String create(Engine.Image image) {
    SandboxSpec spec = sandbox.spec();
    Engine.Host host = world.engine().host();
    long root = sandbox.isolation().hasHostsRoot(spec.docker()) ? 0 : host.root();
    return world
        .engine()
        .create(
            new Engine.Plan(
                sandbox.id(),
                image.id(),
                spec.image(),
                spec.name(),
                spec.resources(),
                spec.docker(),
                spec.network(),
                sandbox.isolation(),
                world.supervisors().prepare(sandbox.id(), root),
                Map.of(Census.INSTANCE_LABEL, world.history().instance()),
                spec.data()));
  }

  private Supervisor connect() {
    Duration deadline = world.properties().startDeadline();
    try {
      return world.supervisors().connect(sandbox.id(), deadline);
    } catch (SupervisorException.Lost e) {
      // The container died, perhaps, which ended the wait: its log is read all the same.
      Thread.interrupted();
      String made = String.valueOf(container);
      throw new SandboxException.StartFailed(
          sandbox.id(),
          "SUPERVISOR_SILENT",
          "Its supervisor did not answer (it has "
              + deadline
              + "); the container's log ends with: "
              + world.engine().logTail(made, 20),
          e);
    }
  }

  private Request.Configure configuration(Engine.Image image) {
    SandboxSpec spec = sandbox.spec();
    Map<String, String> env = new HashMap<>(image.env());
    env.putIfAbsent("PATH", PATH);
    env.putAll(spec.env());
    String workdir = spec.workdir() != null ? spec.workdir() : image.workdir();
    SandboxProperties.Docker docker = world.properties().docker();
    Request.DockerPlan plan =
        spec.docker()
            ? new Request.DockerPlan(
                docker.registryMirrors(),
                docker.insecureRegistries(),
                docker.mtu(),
                docker.bridgeAddress(),
                docker.addressPool(),
                docker.mutePatience().toMillis(),
                docker.startPatience().toMillis(),
                spec.resources().disk())
            : null;
    return new Request.Configure(env, workdir.isEmpty() ? "/" : workdir, image.user(), plan);
  }

  private void progress(String line) {
    logbook.pulling(sandbox.spec().image(), line);
  }

  private <T> T stage(String name, Supplier<T> work) {
    long from = System.nanoTime();
    T result = work.get();
    Duration took = Duration.ofNanos(System.nanoTime() - from);
    stages.add(new Startup.Stage(name, took.toMillis()));
    world.meters().timer("caisson.sandbox.startup", "stage", name).record(took);
    return result;
  }
}
