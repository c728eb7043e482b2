package dev.caisson.lifecycle;

import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.SandboxErrorCode;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.Startup;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Supervisors;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The start of one sandbox, stage by stage, with how long each took. */
final class SandboxStart {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Engine engine;
  private final Supervisors supervisors;
  private final SandboxProperties properties;
  private final Stages stages;
  private final String instance;
  private final SandboxId id;
  private final SandboxSpec spec;
  private final Isolation isolation;
  private final Turn turn;
  private final Consumer<String> progress;
  private @Nullable String container;

  /**
   * Creates the start of a sandbox that is still to be made.
   *
   * @param instance id of the state directory, which its container is labelled with
   * @param turn waited for when the image and the kit are there
   * @param progress receives how the pull of its image goes, a line each
   */
  SandboxStart(
      Engine engine,
      Supervisors supervisors,
      SandboxProperties properties,
      Stages stages,
      String instance,
      SandboxId id,
      SandboxSpec spec,
      Isolation isolation,
      Turn turn,
      Consumer<String> progress) {
    this.engine = engine;
    this.supervisors = supervisors;
    this.properties = properties;
    this.stages = stages;
    this.instance = instance;
    this.id = id;
    this.spec = spec;
    this.isolation = isolation;
    this.turn = turn;
    this.progress = progress;
  }

  /** The turn of a start at the engine. */
  @FunctionalInterface
  interface Turn {
    void await() throws InterruptedException;
  }

  /** The outcome of a start. */
  record Result(String container, Supervisor supervisor, Engine.Image image) {}

  /**
   * Brings the sandbox up; {@link #container()} is what was made until a failure.
   *
   * @param used whether the sandbox is a caller's from the start: the image's command runs, where
   *     asked for
   */
  Result run(boolean used) {
    Engine.Image image = stages.time("image", () -> engine.image(spec.image(), progress));
    stages.time("kit", engine::kit);
    stages.time("queue", this::awaitTurn);
    String made = stages.time("create", () -> create(image));
    container = made;
    stages.time(
        "start",
        () -> {
          engine.start(made);
          return made;
        });
    Supervisor supervisor = stages.time("supervisor", this::connect);
    try {
      stages.time("configure", () -> supervisor.ask(configuration(image)));
      Request.Start command = used ? command(image, spec) : null;
      if (command != null) {
        supervisor.ask(command);
      }
      return new Result(made, supervisor, image);
    } catch (RuntimeException e) {
      supervisor.close();
      throw e;
    }
  }

  /** Returns the container's id, as soon as it was made; null before. */
  @Nullable String container() {
    return container;
  }

  Startup measured(@Nullable String miss) {
    return stages.measured(false, miss);
  }

  private SandboxId awaitTurn() {
    try {
      turn.await();
      return id;
    } catch (InterruptedException e) {
      throw new SandboxException.StartFailed(
          id,
          SandboxErrorCode.START_FAILED,
          "The start was broken off while it waited for its turn",
          e);
    }
  }

  private String create(Engine.Image image) {
    Engine.Host host = engine.host();
    long root = isolation.hasHostsRoot(spec.docker()) ? 0 : host.root();
    return engine.create(
        new Engine.Plan(
            id,
            image.id(),
            spec.image(),
            spec.name(),
            spec.resources(),
            spec.docker(),
            spec.network(),
            isolation,
            supervisors.prepare(id, root),
            Map.of(StartupRecovery.INSTANCE_LABEL, instance),
            spec.data(),
            spec.dockerVersion()));
  }

  private Supervisor connect() {
    Duration deadline = properties.startDeadline();
    try {
      return supervisors.connect(id, deadline);
    } catch (SupervisorException.Lost | SupervisorException.Untrusted e) {
      // The container died, perhaps, which ended the wait: its log is read all the same.
      Thread.interrupted();
      String made = String.valueOf(container);
      throw new SandboxException.StartFailed(
          id,
          SandboxErrorCode.SUPERVISOR_SILENT,
          "The supervisor did not answer within "
              + deadline
              + "; the container's log ends with: "
              + engine.logTail(made, 20),
          e);
    }
  }

  private Request.Configure configuration(Engine.Image image) {
    SandboxProperties.Docker docker = properties.docker();
    Request.DockerPlan plan =
        spec.docker()
            ? Request.DockerPlan.builder()
                .registryMirrors(docker.registryMirrors())
                .insecureRegistries(docker.insecureRegistries())
                .mtu(docker.mtu())
                .bridgeAddress(docker.bridgeAddress())
                .addressPool(docker.addressPool())
                .muteMillis(docker.mutePatience().toMillis())
                .startMillis(docker.startPatience().toMillis())
                .diskBytes(spec.resources().disk())
                .build()
            : null;
    return new Request.Configure(
        environment(image, spec), workdir(image, spec), image.user(), plan);
  }

  /** Returns the environment of every process: the image's, with the spec's over it. */
  static Map<String, String> environment(Engine.Image image, SandboxSpec spec) {
    Map<String, String> env = new HashMap<>(image.env());
    env.putIfAbsent("PATH", PATH);
    env.putAll(spec.env());
    return env;
  }

  static String workdir(Engine.Image image, SandboxSpec spec) {
    String workdir = spec.workdir() != null ? spec.workdir() : image.workdir();
    return workdir.isEmpty() ? "/" : workdir;
  }

  /** Returns the image's ENTRYPOINT and CMD as a command, where they are to run; else null. */
  static Request.@Nullable Start command(Engine.Image image, SandboxSpec spec) {
    return spec.startImage() && !image.command().isEmpty()
        ? Request.Start.builder(image.command()).background(true).build()
        : null;
  }
}
