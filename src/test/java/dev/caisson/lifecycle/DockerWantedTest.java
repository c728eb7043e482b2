package dev.caisson.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What a create says of Docker: on its own, and over what a template says. */
class DockerWantedTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "{}                                 | -                                  | false | -",
        "{\"enabled\":true}                 | -                                  | true  | -",
        "{\"version\":\"26\"}               | -                                  | true  | 26",
        "{\"enabled\":true}                 | {\"enabled\":true,\"version\":\"26\"} | true  | 26",
        "{}                                 | {\"enabled\":true,\"version\":\"26\"} | true  | 26",
        "{\"version\":\"28\"}               | {\"enabled\":true,\"version\":\"26\"} | true  | 28",
        "{\"version\":\"28\"}               | {\"enabled\":false}                | true  | 28",
        "{\"enabled\":false}                | {\"enabled\":true,\"version\":\"26\"} | false | -",
      })
  void eachFieldIsTheRequestsOrElseTheTemplates(
      String request, @Nullable String template, boolean enabled, @Nullable String version) {
    SandboxCreation wanted = creation(request);
    SandboxCreation whole = template == null ? wanted : wanted.over(creation(template));

    SandboxCreation.DockerWanted docker = Objects.requireNonNull(whole.docker());
    assertThat(docker.on()).isEqualTo(enabled);
    assertThat(docker.on() ? docker.version() : null).isEqualTo(version);
  }

  /** A key that repeats a request of before this compares what is written down of it. */
  @Test
  void whatWasSaidBeforeThereWereVersionsIsWrittenAsItWas() {
    String said = "{\"docker\":{\"enabled\":true}}";

    assertThat(JSON.writeValueAsString(JSON.readValue(said, SandboxCreation.class)))
        .isEqualTo(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"28", "28.5", "28.5.2"})
  void aVersionIsUpToThreeNumbers(String version) {
    assertThat(violations("{\"version\":\"" + version + "\"}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"version\":\"\"}",
        "{\"version\":\"v28\"}",
        "{\"version\":\"28.\"}",
        "{\"version\":\"28.5.2.1\"}",
        "{\"version\":\"12345\"}",
        "{\"version\":\"28.5.2+dfsg\"}",
        "{\"version\":\"latest\"}",
        "{\"enabled\":false,\"version\":\"28\"}"
      })
  void anythingElseIsRefused(String docker) {
    assertThat(violations(docker)).contains("docker.version");
  }

  private static String violations(String docker) {
    try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
      Validator validator = factory.getValidator();
      return String.join(
          " ",
          validator.validate(creation(docker)).stream()
              .map(each -> each.getPropertyPath().toString())
              .toList());
    }
  }

  private static SandboxCreation creation(String docker) {
    return JSON.readValue("{\"docker\":" + docker + "}", SandboxCreation.class);
  }
}
