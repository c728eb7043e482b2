package dev.caisson.it.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What the chart's dashboard asks Prometheus for is what the service tells it. */
@ExtendWith(SharedService.class)
class DashboardIT {
  private static final Path DASHBOARD = Path.of("helm", "caisson", "dashboards", "caisson.json");
  private static final Pattern METRIC = Pattern.compile("\\b([a-z]+(?:_[a-z]+)+)\\{");

  @Test
  void everyMetricOfTheDashboardIsTold(Api api) throws IOException {
    JsonNode dashboard = Api.JSON.readTree(Files.readString(DASHBOARD));
    Set<String> asked =
        dashboard
            .get("panels")
            .valueStream()
            .flatMap(panel -> panel.get("targets").valueStream())
            .flatMap(target -> METRIC.matcher(target.get("expr").asString()).results())
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(asked).hasSizeGreaterThan(10);
    String sandbox = api.dockerSandbox(Machine.STATIC);
    api.exec(sandbox, "docker", "version");
    Set<String> told =
        Pattern.compile("^([a-z_]+)[{ ]", Pattern.MULTILINE)
            .matcher(api.get("/actuator/prometheus").text())
            .results()
            .map((MatchResult found) -> found.group(1))
            .collect(Collectors.toSet());
    api.delete("/v1/sandboxes/" + sandbox);
    assertThat(told).containsAll(asked);
  }

  @Test
  void theServiceTellsWhatItIsAndWhatItIsMadeOf(Api api) {
    JsonNode info = api.get("/actuator/info").expecting(200);
    assertThat(info.at("/build/version").asString()).matches("\\d+\\.\\d+\\.\\d+.*");
    JsonNode sbom = api.get("/actuator/sbom/application").expecting(200);
    assertThat(sbom.get("bomFormat").asString()).isEqualTo("CycloneDX");
    assertThat(sbom.get("components").valueStream().map(part -> part.get("name").asString()))
        .contains("spring-webmvc", "docker-java-core", "h2");
  }
}
