package dev.caisson.engine.network;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerHostConfig;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import dev.caisson.engine.client.Labels;
import dev.caisson.sandbox.SandboxId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The containers that hold networks: a program that waits, on a sandbox's network and under its
 * host name. A sandbox that joins one has no network namespace to be made for it.
 */
final class HolderContainers {
  /** The largest that the program may become; it takes a fraction of it. */
  private static final long MEMORY = 16L << 20;

  /** The bound of processes: the program itself, and what runc starts it with. */
  private static final long PROCESSES = 16;

  private static final String JOINED = "container:";

  private HolderContainers() {}

  /**
   * A container that is there.
   *
   * @param network that it is in
   */
  record Holder(SandboxId sandbox, String network) {}

  /** Returns the network mode of a container that joins the holder of this sandbox. */
  static String mode(SandboxId sandbox) {
    return JOINED + name(sandbox);
  }

  /** Tells whether a network mode joins another container. */
  static boolean joins(String mode) {
    return mode.startsWith(JOINED);
  }

  /** Returns the holders of a service, running or not. */
  static List<Holder> list(DockerClient docker, String instance) {
    return docker
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(Map.of(Labels.INSTANCE, instance))
        .exec()
        .stream()
        .flatMap(
            container -> sandbox(container).stream().map(id -> new Holder(id, network(container))))
        .toList();
  }

  private static Optional<SandboxId> sandbox(Container container) {
    Map<String, String> labels = container.getLabels();
    return labels == null
        ? Optional.empty()
        : SandboxId.parse(Objects.requireNonNullElse(labels.get(Labels.HOLDER), ""));
  }

  private static String network(Container container) {
    ContainerHostConfig host = container.getHostConfig();
    return host == null || host.getNetworkMode() == null ? "" : host.getNetworkMode();
  }

  /** Makes a holder and starts it. */
  static void make(
      DockerClient docker, String image, String instance, SandboxId sandbox, String network) {
    String container =
        docker
            .createContainerCmd(image)
            .withName(name(sandbox))
            .withHostName(sandbox.value())
            .withEntrypoint("/opt/caisson/init")
            .withCmd("--hold")
            .withUser("0:0")
            .withLabels(Map.of(Labels.INSTANCE, instance, Labels.HOLDER, sandbox.value()))
            .withHostConfig(
                HostConfig.newHostConfig()
                    .withInit(false)
                    .withNetworkMode(network)
                    .withCgroupnsMode("private")
                    .withReadonlyRootfs(true)
                    .withCapDrop(Capability.ALL)
                    .withSecurityOpts(List.of("no-new-privileges"))
                    .withMemory(MEMORY)
                    .withMemorySwap(MEMORY)
                    .withPidsLimit(PROCESSES)
                    .withRestartPolicy(RestartPolicy.noRestart())
                    .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE)))
            .exec()
            .getId();
    docker.startContainerCmd(container).exec();
  }

  static boolean runs(DockerClient docker, SandboxId sandbox) {
    try {
      return Boolean.TRUE.equals(
          docker.inspectContainerCmd(name(sandbox)).exec().getState().getRunning());
    } catch (NotFoundException e) {
      return false;
    }
  }

  /** Removes the holder of a sandbox; nothing happens if there is none. */
  static void remove(DockerClient docker, SandboxId sandbox) {
    try {
      docker.removeContainerCmd(name(sandbox)).withForce(true).withRemoveVolumes(true).exec();
    } catch (NotFoundException e) {
      // It is gone, or was never made.
    } catch (ConflictException e) {
      // Another call removes it at this moment, and would report a failure.
      if (!String.valueOf(e.getMessage()).contains("already in progress")) {
        throw e;
      }
    }
  }

  private static String name(SandboxId sandbox) {
    return "caisson-" + sandbox + "-network";
  }
}
