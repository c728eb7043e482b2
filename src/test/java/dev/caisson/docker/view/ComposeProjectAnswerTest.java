package dev.caisson.docker.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** When a project is healthy: its servers run, and its jobs are done. */
class ComposeProjectAnswerTest {

  @ParameterizedTest
  @CsvSource({
    "running, 0, no, true",
    "exited, 0, no, true",
    "exited, 0, on-failure, true",
    "exited, 0, always, false",
    "exited, 0, unless-stopped, false",
    "exited, 1, no, false",
    "created, 0, no, false",
    "restarting, 0, always, false"
  })
  void besideOneThatRuns(String state, int code, String policy, boolean healthy) {
    assertThat(
            isHealthy(
                container("front", "running", 0, "no", ""),
                container("other", state, code, policy, "")))
        .isEqualTo(healthy);
  }

  @Test
  void whatOthersWaitForTheEndOfIsAJobWhateverItsPolicy() {
    ContainerAnswer job = container("schema", "exited", 0, "unless-stopped", "");
    ContainerAnswer front =
        container(
            "front",
            "running",
            0,
            "no",
            "store:service_healthy:false,schema:service_completed_successfully:true");
    assertThat(isHealthy(job, front)).isTrue();
    assertThat(isHealthy(container("store", "exited", 0, "unless-stopped", ""), front)).isFalse();
  }

  @Test
  void aProjectOfWhichNothingRunsIsNot() {
    assertThat(isHealthy(container("web", "exited", 0, "no", ""))).isFalse();
  }

  private static boolean isHealthy(ContainerAnswer... containers) {
    return ComposeProjectAnswer.of("shop", Arrays.asList(containers)).healthy();
  }

  private static ContainerAnswer container(
      String service, String state, int code, String policy, String dependsOn) {
    return ContainerAnswer.from(
        JsonMapper.builder()
            .build()
            .readTree(
                """
                {"Id": "1", "Name": "/%1$s", "State": {"Status": "%2$s", "ExitCode": %3$d},
                 "HostConfig": {"RestartPolicy": {"Name": "%4$s"}},
                 "Config": {"Labels": {"com.docker.compose.service": "%1$s",
                   "com.docker.compose.depends_on": "%5$s"}}}
                """
                    .formatted(service, state, code, policy, dependsOn)));
  }
}
