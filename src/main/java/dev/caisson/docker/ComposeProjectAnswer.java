package dev.caisson.docker;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A compose project of a sandbox: what became of each service. */
@Schema(name = "ComposeProject")
record ComposeProjectAnswer(
    @Schema(example = "shop") String name,
    @Schema(description = "Whether every container runs, and none with a health check is ill.")
        boolean healthy,
    List<Service> services) {

  /** A service of a project, with its containers. */
  @Schema(name = "ComposeService")
  record Service(
      @Schema(example = "web") String name,
      @Schema(description = "How many of its containers run.") int running,
      List<ContainerAnswer> containers) {}

  /** The project that these containers are. */
  static ComposeProjectAnswer of(String name, List<ContainerAnswer> containers) {
    Map<String, List<ContainerAnswer>> services = new TreeMap<>();
    for (ContainerAnswer container : containers) {
      String service = container.labels().getOrDefault(ComposeProjectSummary.SERVICE, "");
      services.computeIfAbsent(service, _ -> new ArrayList<>()).add(container);
    }
    return new ComposeProjectAnswer(
        name,
        containers.stream().allMatch(ComposeProjectAnswer::isWell),
        services.entrySet().stream().map(e -> service(e.getKey(), e.getValue())).toList());
  }

  private static Service service(String name, List<ContainerAnswer> containers) {
    return new Service(
        name,
        (int) containers.stream().filter(c -> c.state() == ContainerState.RUNNING).count(),
        containers);
  }

  private static boolean isWell(ContainerAnswer container) {
    boolean well =
        container.health() == ContainerHealth.NONE || container.health() == ContainerHealth.HEALTHY;
    return container.state() == ContainerState.RUNNING && well;
  }
}
