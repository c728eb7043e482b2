package dev.caisson.engine.network;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import dev.caisson.engine.client.Labels;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.SandboxId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The containers that are Caisson's. */
public final class Containers {
  private Containers() {}

  public static List<Engine.Found> list(DockerClient docker) {
    List<Engine.Found> found = new ArrayList<>();
    for (Container container :
        docker
            .listContainersCmd()
            .withShowAll(true)
            .withLabelFilter(List.of(Labels.SANDBOX))
            .exec()) {
      Optional<SandboxId> sandbox = sandbox(container.getLabels());
      if (sandbox.isEmpty()) {
        continue;
      }
      if ("running".equals(container.getState())) {
        found.add(
            new Engine.Found(
                sandbox.get(),
                container.getId(),
                true,
                false,
                0,
                Instant.ofEpochSecond(container.getCreated()),
                container.getLabels()));
      } else {
        // Only a closer look says how it ended; it may be gone by now.
        find(docker, container.getId()).ifPresent(found::add);
      }
    }
    return found;
  }

  /** Finds one of the containers; nothing if it is gone, or none of ours. */
  public static Optional<Engine.Found> find(DockerClient docker, String container) {
    try {
      return found(docker.inspectContainerCmd(container).exec());
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private static Optional<Engine.Found> found(InspectContainerResponse answer) {
    Map<String, String> labels =
        Objects.requireNonNullElse(answer.getConfig().getLabels(), Map.of());
    InspectContainerResponse.ContainerState state = answer.getState();
    Long exitCode = state.getExitCodeLong();
    return sandbox(labels)
        .map(sandbox ->
            new Engine.Found(
                sandbox,
                answer.getId(),
                Boolean.TRUE.equals(state.getRunning()),
                Boolean.TRUE.equals(state.getOOMKilled()),
                exitCode == null ? 0 : exitCode.intValue(),
                Instant.parse(answer.getCreated()),
                labels));
  }

  /** Returns the id in the label; a label of this name that holds anything else is none of ours. */
  public static Optional<SandboxId> sandbox(@Nullable Map<String, String> labels) {
    return labels == null
        ? Optional.empty()
        : SandboxId.parse(Objects.requireNonNullElse(labels.get(Labels.SANDBOX), ""));
  }
}
