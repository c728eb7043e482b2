package dev.caisson.docker.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.docker.HeaderValues;
import dev.caisson.docker.compose.ComposeDownRequest;
import dev.caisson.docker.compose.ComposePsRequest;
import dev.caisson.docker.compose.ComposeUpRequest;
import dev.caisson.process.ProcessException;
import dev.caisson.supervisor.wire.Request;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What is asked of the CLI becomes its command line, and what is secret does not. */
class OperationRequestsTest {
  private static final Validator VALIDATOR =
      Validation.buildDefaultValidatorFactory().getValidator();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void aBuildNamesItsArgumentsAndSecretsAndTheEnvironmentHasTheirValues() {
    BuildRequest build =
        read(
            BuildRequest.class,
            """
            {"path": "/w", "tags": ["a:1"], "dockerfile": "D", "target": "t", "pull": true,
             "platform": "linux/amd64", "noCache": true, "buildArgs": {"WHO": "arg-value"},
             "secrets": {"npm.token": "s3cret", "b": "other"}}
            """);
    Request.Start start = build.toStart();

    assertThat(start.command())
        .containsExactly(
            "docker",
            "build",
            "--tag=a:1",
            "--file=D",
            "--target=t",
            "--platform=linux/amd64",
            "--no-cache",
            "--pull",
            "--build-arg=WHO",
            "--secret=id=b,env=CAISSON_BUILD_SECRET_0",
            "--secret=id=npm.token,env=CAISSON_BUILD_SECRET_1",
            "--",
            ".");
    assertThat(start.cwd()).isEqualTo("/w");
    assertThat(start.env())
        .containsEntry("WHO", "arg-value")
        .containsEntry("CAISSON_BUILD_SECRET_1", "s3cret");
    assertThat(build).asString().doesNotContain("s3cret").doesNotContain("arg-value");
  }

  @Test
  void aTarIsReadFromTheInput() {
    BuildUpload query = JSON.readValue("{\"background\": true}", BuildUpload.class);
    DockerOperation build = query.with(null, Map.of("a", "s3cret"));

    assertThat(build.toStart().command()).endsWith("--", "-");
    assertThat(build.toStart().openInput()).isTrue();
    assertThat(build.toStart().background()).isTrue();
    assertThat(build).asString().doesNotContain("s3cret");
  }

  @Test
  void headersCarryNamesAndValuesAndAreNeverQuoted() {
    String header = base64("{\"a\": \"\u00fc?>\"}");
    assertThat(HeaderValues.of(JSON, "H", header)).containsEntry("a", "\u00fc?>");
    assertThat(HeaderValues.of(JSON, "H", header.replace('+', '-').replace('/', '_')))
        .containsEntry("a", "\u00fc?>");
    assertThat(HeaderValues.of(JSON, "H", null)).isNull();
    for (String bad : new String[] {"s3cret!", base64("[\"s3cret\"]"), base64("null"), ""}) {
      assertThatThrownBy(() -> HeaderValues.of(JSON, "H", bad))
          .isInstanceOfSatisfying(
              ProcessException.Invalid.class,
              e -> assertThat(e.fields().getFirst().field()).isEqualTo("H"))
          .hasMessageNotContaining("s3cret")
          .hasNoCause();
    }
  }

  @Test
  void aPasswordIsInputAndNothingElse() {
    LoginRequest login =
        read(
            LoginRequest.class,
            "{\"registry\": \"ghcr.io\", \"username\": \"-me\", \"password\": \"s3cret\"}");
    Request.Start start = login.toStart();

    assertThat(start.command())
        .containsExactly("docker", "login", "--username=-me", "--password-stdin", "--", "ghcr.io");
    assertThat(start.stdin()).isEqualTo("s3cret".getBytes(StandardCharsets.UTF_8));
    assertThat(start.env()).containsExactly(Map.entry("DOCKER_CONFIG", "/run/caisson-docker/cli"));
    assertThat(login).asString().doesNotContain("s3cret");
  }

  @Test
  void aProjectOfATextIsGivenAsInput() {
    DockerOperation up =
        read(
                ComposeUpRequest.class,
                """
                {"source": {"content": "services: {}", "path": "/w", "env": {"A": "s3cret"},
                 "profiles": ["more"]}, "services": ["web"], "wait": true, "waitTimeout": "PT90S"}
                """)
            .of("shop");
    Request.Start start = up.toStart();

    assertThat(start.command())
        .containsExactly(
            "/opt/caisson/docker/bin-helpers/compose-up",
            "90",
            "docker",
            "compose",
            "--project-name=shop",
            "--file=-",
            "--profile=more",
            "up",
            "--detach",
            "--",
            "web");
    assertThat(Objects.requireNonNull(up.toStartOfOlderKit()).command())
        .containsExactly(
            "docker",
            "compose",
            "--project-name=shop",
            "--file=-",
            "--profile=more",
            "up",
            "--detach",
            "--wait",
            "--wait-timeout=90",
            "--",
            "web");
    assertThat(start.stdin()).isEqualTo("services: {}".getBytes(StandardCharsets.UTF_8));
    assertThat(start.cwd()).isEqualTo("/w");
    assertThat(start.env()).containsEntry("A", "s3cret");
  }

  @Test
  void whatIsThereAlreadyIsFoundByItsLabels() {
    assertThat(
            read(ComposeDownRequest.class, "{\"volumes\": true, \"grace\": \"PT3S\"}")
                .of("shop")
                .toStart()
                .command())
        .containsExactly(
            "docker", "compose", "--project-name=shop", "down", "--volumes", "--timeout=3");
    assertThatThrownBy(() -> read(ComposeUpRequest.class, "{}").of("shop").toStart())
        .isInstanceOfSatisfying(
            ProcessException.Invalid.class,
            e -> assertThat(e.fields().getFirst().field()).isEqualTo("source"));
    assertThatThrownBy(() -> read(ComposePsRequest.class, "{}").of("--help"))
        .isInstanceOf(ProcessException.Invalid.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Build | {'path': 'w'} | path",
        "Build | {'path': '/w', 'tags': ['-t']} | tags[0].<list element>",
        "Build | {'path': '/w', 'platform': '-x'} | platform",
        "Build | {'path': '/w', 'timeout': 'PT0S'} | timeout",
        "Push | {'image': '--all-tags'} | image",
        "Push | {} | image",
        "Login | {'username': 'a', 'registry': '-x'} | registry",
        "Logout | {'registry': 'a b'} | registry",
        "ComposeUp | {'services': ['-x']} | services[0].<list element>",
        "ComposeUp | {'source': {'path': 'x'}} | source.path",
        "ComposeUp | {'source': {'files': ['-x']}} | source.files[0].<list element>",
        "ComposeUp | {'source': {'profiles': ['-x']}} | source.profiles[0].<list element>",
        "ComposeLogs | {'tail': -1} | tail"
      })
  void whatCouldBeAnOptionIsRefusedByItsField(String type, String body, String field)
      throws ClassNotFoundException {
    String room = type.startsWith("Compose") ? "compose." : "command.";
    Class<?> request = Class.forName("dev.caisson.docker." + room + type + "Request");
    assertThat(VALIDATOR.validate(read(request, body.replace('\'', '"'))))
        .singleElement()
        .satisfies(v -> assertThat(v.getPropertyPath()).hasToString(field));
  }

  @ParameterizedTest
  @CsvSource({"DOCKER_HOST", "BUILDX_BUILDER", "LD_PRELOAD", "a=b"})
  void aVariableThatWouldChangeTheCliIsRefused(String name) {
    BuildRequest build =
        read(
            BuildRequest.class,
            "{\"path\": \"/w\", \"buildArgs\": {\"" + name + "\": \"s3cret\"}}");
    assertThatThrownBy(build::toStart)
        .isInstanceOf(ProcessException.Invalid.class)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aSecretsNameCannotAddToItsOption() {
    BuildRequest build =
        read(
            BuildRequest.class,
            "{\"path\": \"/w\", \"secrets\": {\"a,src=/etc/shadow\": \"s3cret\"}}");
    assertThatThrownBy(build::toStart)
        .isInstanceOfSatisfying(
            ProcessException.Invalid.class,
            e -> assertThat(e.fields().getFirst().field()).isEqualTo("secrets"));
  }

  private static <T> T read(Class<T> type, String json) {
    return JSON.readValue(json, type);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
