package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The wait of compose's up knows what runs, what is healthy and what has done its job. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComposeWaitIT {
  /** It is over long before the other is healthy. */
  private static final String BESIDE_A_JOB =
      """
      services:
        web:
          image: busybox
          command: sh -c 'sleep 3; touch /tmp/there; sleep 1000'
          healthcheck: {test: ["CMD", "test", "-e", "/tmp/there"], interval: 500ms, retries: 20}
        job: {image: busybox, command: sh -c 'exit %d'}
      """;

  private final Api api;
  @AutoClose private final DockerSandbox sandbox;
  private final String project;

  ComposeWaitIT(Api api) {
    this.api = api;
    sandbox = new DockerSandbox(api, Machine.DEBIAN);
    project = sandbox.path() + "/docker/compose/wait";
    sandbox.said("docker pull -q busybox");
  }

  @AfterEach
  void down() {
    api.post(project + "/down", Map.of("grace", "PT0S")).expecting(200);
  }

  @Test
  void aJobThatHasEndedWellIsDone() {
    JsonNode up = up(BESIDE_A_JOB.formatted(0));

    assertThat(code(up)).as(up.toString()).isZero();
    JsonNode answer = api.get(project).expecting(200);
    assertThat(answer.get("healthy").asBoolean()).as(answer.toString()).isTrue();
  }

  @Test
  void aJobAloneIsDone() {
    JsonNode up = up("services: {job: {image: busybox, command: 'true'}}");

    assertThat(code(up)).as(up.toString()).isZero();
  }

  @Test
  void aJobThatFailsEndsTheWait() {
    JsonNode up = up(BESIDE_A_JOB.formatted(3));

    assertThat(code(up)).isEqualTo(1);
    assertThat(Api.text(up, "stderr")).contains("container wait-job-1 exited (3)");
  }

  @Test
  void oneThatGoesUnhealthyEndsTheWait() {
    JsonNode up =
        up(
            """
            services:
              web:
                image: busybox
                command: sleep 1000
                healthcheck: {test: ["CMD", "false"], interval: 500ms, retries: 2}
            """);

    assertThat(code(up)).isEqualTo(1);
    assertThat(Api.text(up, "stderr")).contains("container wait-web-1 is unhealthy");
  }

  @Test
  void itWaitsUntilTheCheckHolds() {
    long begun = System.nanoTime();
    JsonNode up =
        up(
            """
            services:
              web:
                image: busybox
                command: sh -c 'sleep 3; touch /tmp/there; sleep 1000'
                healthcheck: {test: ["CMD", "test", "-e", "/tmp/there"], interval: 500ms, retries: 20}
            """);

    assertThat(code(up)).as(up.toString()).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(3));
  }

  @Test
  void whatIsNotThereInTimeIsNamed() {
    JsonNode up =
        up(
            """
            services:
              web:
                image: busybox
                command: sleep 1000
                healthcheck: {test: ["CMD", "false"], interval: 500ms, retries: 1000}
            """);

    assertThat(code(up)).isEqualTo(1);
    assertThat(Api.text(up, "stderr"))
        .contains("not healthy after 8 s: wait-web-1 (running, starting)");
  }

  /** What was not asked for is not waited for: another service of the project may be broken. */
  @Test
  void onlyWhatWasAskedForIsWaitedFor() {
    String both =
        """
        services:
          web:
            image: busybox
            command: sh -c 'sleep 2; touch /tmp/there; sleep 1000'
            depends_on: [base]
            healthcheck: {test: ["CMD", "test", "-e", "/tmp/there"], interval: 500ms, retries: 20}
          base: {image: busybox, command: sleep 1000}
          bad: {image: busybox, command: sh -c 'exit 4'}
        """;
    assertThat(code(up(both))).isEqualTo(1);

    JsonNode again =
        api.post(
                project + "/up",
                Map.of(
                    "source",
                    Map.of("content", both),
                    "wait",
                    true,
                    "waitTimeout",
                    "PT8S",
                    "services",
                    List.of("web")))
            .expecting(200);
    assertThat(code(again)).as(again.toString()).isZero();
  }

  @Test
  void whatComposeRefusesIsItsOwnAnswer() {
    JsonNode up = up("services: {web: {image: busybox, comand: x}}");

    assertThat(code(up)).isNotZero();
    assertThat(Api.text(up, "stderr")).contains("comand");
  }

  private JsonNode up(String content) {
    return api.post(
            project + "/up",
            Map.of("source", Map.of("content", content), "wait", true, "waitTimeout", "PT8S"))
        .expecting(200);
  }

  private static int code(JsonNode process) {
    return process.get("exit").get("code").asInt();
  }
}
