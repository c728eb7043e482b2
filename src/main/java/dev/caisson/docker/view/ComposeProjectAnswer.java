package dev.caisson.docker.view;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A compose project of a sandbox: what became of each service. */
@Schema(name = "ComposeProject")
record ComposeProjectAnswer(
    @Schema(example = "shop") String name,
    @Schema(
            description =
                "Whether at least one container runs, and every container either runs and is not"
                    + " unhealthy, or is a finished job: ended with 0, and not to be restarted")
        boolean healthy,
    List<Service> services) {

  private static final String DEPENDS_ON = "com.docker.compose.depends_on";
  private static final String COMPLETED = "service_completed_successfully";
  private static final Set<String> STARTED_AGAIN = Set.of("always", "unless-stopped");

  /** A service of a project, with its containers. */
  @Schema(name = "ComposeService")
  record Service(
      @Schema(example = "web") String name,
      @Schema(description = "Number of the service's containers that run") int running,
      List<ContainerAnswer> containers) {}

  /** Creates the answer for the project of these containers. */
  static ComposeProjectAnswer of(String name, List<ContainerAnswer> containers) {
    Map<String, List<ContainerAnswer>> services = new TreeMap<>();
    for (ContainerAnswer container : containers) {
      String service = container.labels().getOrDefault(ComposeProjectSummary.SERVICE, "");
      services.computeIfAbsent(service, _ -> new ArrayList<>()).add(container);
    }
    return new ComposeProjectAnswer(
        name,
        isHealthy(containers),
        services.entrySet().stream().map(e -> service(e.getKey(), e.getValue())).toList());
  }

  private static Service service(String name, List<ContainerAnswer> containers) {
    return new Service(
        name,
        (int) containers.stream().filter(c -> c.state() == ContainerState.RUNNING).count(),
        containers);
  }

  private static boolean isHealthy(List<ContainerAnswer> containers) {
    Set<String> jobs = jobs(containers);
    return containers.stream().anyMatch(c -> c.state() == ContainerState.RUNNING)
        && containers.stream().allMatch(container -> isWell(container, jobs));
  }

  private static boolean isWell(ContainerAnswer container, Set<String> jobs) {
    if (container.state() == ContainerState.RUNNING) {
      return container.health() == ContainerHealth.NONE
          || container.health() == ContainerHealth.HEALTHY;
    }
    boolean once =
        !STARTED_AGAIN.contains(container.restartPolicy())
            || jobs.contains(container.labels().getOrDefault(ComposeProjectSummary.SERVICE, ""));
    return once
        && container.state() == ContainerState.EXITED
        && Objects.equals(container.exitCode(), 0);
  }

  /** Returns the services whose end others wait for: {@code service_completed_successfully}. */
  private static Set<String> jobs(List<ContainerAnswer> containers) {
    return containers.stream()
        .flatMap(container -> Arrays.stream(dependencies(container)))
        .map(dependency -> dependency.split(":", -1))
        .filter(parts -> parts.length > 1 && parts[1].equals(COMPLETED))
        .map(parts -> parts[0])
        .collect(Collectors.toSet());
  }

  /**
   * Returns compose's own list of dependencies: service, condition, whether it is started again
   * with it.
   */
  private static String[] dependencies(ContainerAnswer container) {
    return container.labels().getOrDefault(DEPENDS_ON, "").split(",", -1);
  }
}
