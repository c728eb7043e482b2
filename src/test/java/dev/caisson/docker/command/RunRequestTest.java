package dev.caisson.docker.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.process.ProcessException;
import dev.caisson.supervisor.wire.Request;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of a request on the command line of the Docker CLI: nothing slips in, or shows. */
class RunRequestTest {
  private static final Validator VALIDATOR =
      Validation.buildDefaultValidatorFactory().getValidator();

  @Test
  void everythingThatWasAskedForIsOnTheCommandLine() {
    Request.Start start =
        run("""
        {"image": "nginx:latest", "command": ["nginx", "-t"], "ports": ["8080:80"],
         "name": "web", "remove": true, "detach": true, "volumes": ["/a:/b:ro"],
         "background": true, "timeout": "PT1M"}
        """)
            .toStart();

    assertThat(start.command())
        .containsExactly(
            "docker",
            "run",
            "--rm",
            "--detach",
            "--name=web",
            "--publish=8080:80",
            "--volume=/a:/b:ro",
            "--",
            "nginx:latest",
            "nginx",
            "-t");
    assertThat(start.background()).isTrue();
    assertThat(start.timeoutMillis()).isEqualTo(60_000);
    assertThat(start.user()).isEqualTo("0:0");
  }

  @Test
  void aRunInTheForegroundSaysWhichContainerItMadeEachInAFileOfItsOwn() {
    RunRequest request = run("{\"image\": \"a\"}");

    Request.Start first = request.unique(request.toStart());
    assertThat(first.command().get(2)).startsWith("--cidfile=/run/caisson-docker/run-");
    assertThat(request.unique(request.toStart()).command()).isNotEqualTo(first.command());
    RunRequest detached = run("{\"image\": \"a\", \"detach\": true}");
    assertThat(detached.unique(detached.toStart()).command())
        .isEqualTo(detached.toStart().command());
  }

  @Test
  void valuesOfVariablesAreInTheEnvironmentAndNotOnTheCommandLine() {
    RunRequest request = run("{\"image\": \"a\", \"env\": {\"TOKEN\": \"s3cr3t\"}}");

    assertThat(request.toStart().command()).contains("--env=TOKEN");
    assertThat(request.toStart().command().toString()).doesNotContain("s3cr3t");
    assertThat(request.toStart().env()).containsEntry("TOKEN", "s3cr3t");
    assertThat(request).asString().contains("TOKEN").doesNotContain("s3cr3t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PATH", "HOME", "LD_PRELOAD", "DOCKER_HOST"})
  void aVariableThatWouldChangeTheCliItselfIsRefusedByName(String name) {
    RunRequest request = run("{\"image\": \"a\", \"env\": {\"" + name + "\": \"s3cr3t\"}}");

    assertThatThrownBy(request::toStart)
        .isInstanceOfSatisfying(
            ProcessException.Invalid.class,
            e -> assertThat(e.fields().getFirst().field()).isEqualTo("env." + name))
        .hasMessageNotContaining("s3cr3t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | image",
        "{'image': '--privileged'} | image",
        "{'image': 'a b'} | image",
        "{'image': 'a', 'name': '-x'} | name",
        "{'image': 'a', 'ports': ['80 80']} | ports[0].<list element>",
        "{'image': 'a', 'volumes': ['-v']} | volumes[0].<list element>",
        "{'image': 'a', 'waitForReady': 'PT1H'} | waitForReady"
      })
  void whatCouldBeAnOptionIsRefusedByItsField(String body, String field) {
    assertThat(VALIDATOR.validate(run(body.replace('\'', '"'))))
        .singleElement()
        .satisfies(v -> assertThat(v.getPropertyPath()).hasToString(field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx",
        "nginx:latest",
        "127.0.0.1:5000/library/busybox:1",
        "ghcr.io/a/b@sha256:0123456789abcdef",
        "[::1]:5000/a"
      })
  void imagesAreNamedInEveryUsualWay(String image) {
    PullRequest pull = new PullRequest(image, null, null, null);

    assertThat(VALIDATOR.validate(pull)).isEmpty();
    assertThat(pull.toStart().command()).containsExactly("docker", "pull", "--", image);
  }

  private static RunRequest run(String json) {
    return JsonMapper.builder().build().readValue(json, RunRequest.class);
  }
}
