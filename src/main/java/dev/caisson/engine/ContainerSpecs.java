package dev.caisson.engine;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.Volume;
import dev.caisson.engine.client.Labels;
import dev.caisson.engine.kit.KitVolumes;
import dev.caisson.engine.network.EngineFacts;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.SandboxId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The translation of a sandbox's plan into the engine's create command: the container's own half.
 */
final class ContainerSpecs {
  private static final List<String> ENTRY_POINT =
      List.of(
          "/opt/caisson/init",
          "--",
          "/opt/caisson/runtime/bin/java",
          "@/opt/caisson/supervisor.args");

  /**
   * The variables that would act on the supervisor, a Java program of another libc; processes get
   * them still.
   */
  private static final List<String> NOT_FOR_THE_SUPERVISOR =
      List.of(
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "_JAVA_OPTIONS",
          "LD_AUDIT",
          "LD_LIBRARY_PATH",
          "LD_PRELOAD");

  /**
   * The grace of a stop in seconds; the service stops sandboxes with a grace of their own, this one
   * is for a stop by anyone else.
   */
  private static final int STOP_TIMEOUT = 10;

  private final Optional<String> logLevel;

  ContainerSpecs(Optional<String> logLevel) {
    this.logLevel = logLevel;
  }

  CreateContainerCmd fill(
      CreateContainerCmd command, Engine.Plan plan, EngineFacts facts, KitVolumes.Names kit) {
    command
        .withName(name(plan.sandbox()))
        .withHostName(plan.sandbox().value())
        .withEntrypoint(ENTRY_POINT)
        .withCmd(List.of())
        .withEnv(env(plan))
        .withUser("0:0")
        .withWorkingDir("/")
        .withLabels(labels(plan))
        // The image's own would act on the supervisor: a check it knows nothing of, a signal it
        // does not end on.
        .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
        .withStopSignal("SIGTERM")
        .withStopTimeout(STOP_TIMEOUT)
        .withTty(false)
        .withStdinOpen(false)
        .withHostConfig(HostSpecs.of(plan, facts, kit));
    return plan.docker()
        ? command.withVolumes(new Volume("/var/lib/docker"), new Volume("/var/lib/containerd"))
        : command;
  }

  /**
   * Returns the container's name on the engine, which makes a second container of one sandbox
   * impossible.
   */
  static String name(SandboxId sandbox) {
    return "caisson-" + sandbox;
  }

  private List<String> env(Engine.Plan plan) {
    // A name without a value takes the variable of the image away.
    List<String> env = new ArrayList<>(NOT_FOR_THE_SUPERVISOR);
    env.add("CAISSON_SANDBOX=" + plan.sandbox());
    logLevel.ifPresent(level -> env.add("LOG_LEVEL=" + level));
    return env;
  }

  private static Map<String, String> labels(Engine.Plan plan) {
    Map<String, String> labels = new HashMap<>(plan.labels());
    labels.put(Labels.IMAGE, plan.reference());
    if (plan.name() != null) {
      labels.put(Labels.NAME, plan.name());
    }
    // Last, so that no label of a caller makes it another's.
    labels.put(Labels.SANDBOX, plan.sandbox().value());
    return labels;
  }
}
