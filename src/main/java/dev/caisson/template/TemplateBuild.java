package dev.caisson.template;

import dev.caisson.docker.Daemons;
import dev.caisson.host.RegistryMirrors;
import dev.caisson.lifecycle.SandboxCreation;
import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.process.Processes;
import dev.caisson.registry.Registries;
import dev.caisson.sandbox.DockerData;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * The build of a template, which pulls its images in a sandbox of its own, whose daemon's data are
 * kept.
 */
@Component
class TemplateBuild {
  private static final Duration START = Duration.ofMinutes(15);
  private static final Duration DAEMON = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Sandboxes sandboxes;
  private final Daemons daemons;
  private final Processes processes;
  private final Registries registries;
  private final RegistryMirrors mirrors;
  private final SandboxProperties properties;

  TemplateBuild(
      Sandboxes sandboxes,
      Daemons daemons,
      Processes processes,
      Registries registries,
      RegistryMirrors mirrors,
      SandboxProperties properties) {
    this.sandboxes = sandboxes;
    this.daemons = daemons;
    this.processes = processes;
    this.registries = registries;
    this.mirrors = mirrors;
    this.properties = properties;
  }

  /** A build that failed. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
      super(message);
    }
  }

  /** Builds a template, and returns the isolation in which that was done. */
  String run(SandboxTemplate template) throws FailedException, InterruptedException {
    SandboxCreation creation = template.sandbox();
    SandboxSpec spec =
        creation
            .toSpec(properties)
            .with(DockerData.into(Objects.requireNonNull(template.volume())));
    Isolation isolation = creation.isolation() == null ? null : Isolation.of(creation.isolation());
    SandboxId sandbox = sandboxes.create(without(spec), isolation).id();
    try {
      Sandbox made = sandboxes.await(sandbox, now -> now.state() != SandboxState.STARTING, START);
      if (made.state() != SandboxState.READY) {
        throw new FailedException("Its sandbox did not start: " + made.life());
      }
      daemons.requireReady(sandbox, DAEMON);
      registries.handTo(sandbox);
      for (String image : template.images()) {
        pull(sandbox, image);
      }
      daemons.want(sandbox, Request.DaemonCommand.STOP);
      DaemonStatus stopped =
          sandboxes
              .awaitDaemon(sandbox, status -> status.state() == DaemonStatus.State.STOPPED, DAEMON)
              .daemon();
      if (stopped.state() != DaemonStatus.State.STOPPED) {
        throw new FailedException("Its daemon did not stop");
      }
      return made.isolation().name();
    } finally {
      sandboxes.terminate(sandbox, GRACE);
      sandboxes.await(sandbox, now -> now.state().isTerminal(), START);
    }
  }

  /**
   * Returns the spec without what only a caller's sandbox needs: a disk of its own would keep
   * nothing; the image's command has nothing to do here.
   */
  private static SandboxSpec without(SandboxSpec spec) {
    Resources resources =
        new Resources(
            spec.resources().cpu(), spec.resources().memory(), spec.resources().pids(), 0);
    return SandboxSpec.builder(spec.image(), resources)
        .docker(true)
        .network(spec.network())
        .data(spec.data())
        .dockerVersion(spec.dockerVersion())
        .build();
  }

  private void pull(SandboxId sandbox, String image) throws FailedException {
    Answer.Finished pulled =
        processes.run(
            sandbox,
            Request.Start.builder("docker", "pull", "--quiet", "--", image)
                .user("0:0")
                .timeoutMillis(START.toMillis())
                .build());
    if (pulled.process().exit() == null || pulled.process().exit().code() != 0) {
      byte[] said = Objects.requireNonNullElse(pulled.stderr(), new byte[0]);
      String advice = mirrors.advice();
      throw new FailedException(
          "docker pull "
              + image
              + ": "
              + new String(said, StandardCharsets.UTF_8).strip()
              + (advice.isEmpty() ? "" : "\n" + advice));
    }
  }
}
