package dev.caisson.docker.view;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A compose project of a sandbox, by the labels of its containers. */
@Schema(name = "ComposeProjectSummary")
record ComposeProjectSummary(
    @Schema(example = "shop") String name,
    @Schema(example = "[\"db\", \"web\"]") List<String> services,
    int containers,
    int running,
    @Schema(description = "Working directory of compose", example = "/workspace/shop")
        @Nullable String path) {

  static final String PROJECT = "com.docker.compose.project";
  static final String SERVICE = "com.docker.compose.service";
  private static final String DIRECTORY = "com.docker.compose.project.working_dir";

  /** Returns the projects that these containers belong to. */
  static List<ComposeProjectSummary> of(List<ContainerSummary> containers) {
    Map<String, List<ContainerSummary>> projects = new TreeMap<>();
    for (ContainerSummary container : containers) {
      String project = container.labels().get(PROJECT);
      if (project != null) {
        projects.computeIfAbsent(project, _ -> new ArrayList<>()).add(container);
      }
    }
    return projects.entrySet().stream().map(e -> of(e.getKey(), e.getValue())).toList();
  }

  private static ComposeProjectSummary of(String name, List<ContainerSummary> containers) {
    return new ComposeProjectSummary(
        name,
        containers.stream()
            .map(container -> container.labels().getOrDefault(SERVICE, ""))
            .distinct()
            .sorted()
            .toList(),
        containers.size(),
        (int) containers.stream().filter(c -> c.state() == ContainerState.RUNNING).count(),
        containers.getFirst().labels().get(DIRECTORY));
  }
}
