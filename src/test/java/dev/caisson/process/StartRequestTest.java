package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.supervisor.wire.Request;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What can be started, and how what cannot is refused: by the name of the field. */
class StartRequestTest {
  private static final Validator VALIDATOR =
      Validation.buildDefaultValidatorFactory().getValidator();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void aShellLineIsTheShellThatRunsIt() {
    Request.Start start = parse("{\"shell\": \"make | tee log\"}").toStart();

    assertThat(start.command()).containsExactly("/bin/sh", "-c", "make | tee log");
    assertThat(start.shell()).isTrue();
    assertThat(start.background()).isFalse();
    assertThat(start.timeoutMillis()).isZero();
  }

  @Test
  void aCommandIsTakenAsItIs() {
    Request.Start start =
        parse(
                "{\"command\": [\"docker\", \"ps\"], \"background\": true, \"timeout\": \"PT5M\","
                    + " \"stdin\": \"żaba\", \"env\": {\"A\": \"b\"}, \"user\": \"1000:1000\"}")
            .toStart();

    assertThat(start.command()).containsExactly("docker", "ps");
    assertThat(start.background()).isTrue();
    assertThat(start.timeoutMillis()).isEqualTo(300_000);
    assertThat(start.stdin()).hasSize(5);
    assertThat(start.env()).containsEntry("A", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | command",
        "{'command': ['a'], 'shell': 'a'} | shell",
        "{'command': []} | command",
        "{'command': ['a', null]} | command[1].<list element>",
        "{'shell': ''} | shell",
        "{'command': ['a'], 'cwd': 'relative'} | cwd",
        "{'command': ['a'], 'user': 'a b'} | user",
        "{'command': ['a'], 'timeout': 'PT0S'} | timeout",
        "{'command': ['a\\u0000']} | command[0].<list element>"
      })
  void whatMakesNoSenseIsRefusedByItsField(String body, String field) {
    assertThat(VALIDATOR.validate(parse(body.replace('\'', '"'))))
        .singleElement()
        .satisfies(v -> assertThat(v.getPropertyPath()).hasToString(field));
  }

  @Test
  void aVariableThatCannotBeOneIsNamedAndItsValueIsNot() {
    Map<String, @Nullable String> env = new HashMap<>();
    env.put("TOKEN", "s3cr3t\0");
    assertThatThrownBy(() -> Environment.checked(env))
        .isInstanceOfSatisfying(
            ProcessException.Invalid.class,
            e -> assertThat(e.fields().getFirst().field()).isEqualTo("env.TOKEN"))
        .hasMessageNotContaining("s3cr3t");
    assertThatThrownBy(() -> Environment.checked(Map.of("A=B", "s3cr3t")))
        .isInstanceOf(ProcessException.Invalid.class)
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void itsTextNamesVariablesButNeitherValuesNorInput() {
    String body = "{\"command\": [\"a\"], \"env\": {\"TOKEN\": \"s3cr3t\"}, \"stdin\": \"s3cr3t\"}";

    assertThat(parse(body)).asString().contains("TOKEN").doesNotContain("s3cr3t");
  }

  @Test
  void whatDoesNotFitIntoOneFrameIsRefusedBeforeItIsSent() {
    String huge = "x".repeat(5 << 20);
    assertThatThrownBy(() -> parse(Map.of("command", List.of("cat"), "stdin", huge)).toStart())
        .isInstanceOfSatisfying(
            ProcessException.Invalid.class,
            e -> assertThat(e.fields().getFirst().field()).isEqualTo("stdin"));
    assertThatThrownBy(() -> parse(Map.of("command", List.of("echo", huge))).toStart())
        .isInstanceOfSatisfying(
            ProcessException.Invalid.class,
            e -> assertThat(e.fields().getFirst().field()).isEqualTo("command"));
  }

  private static StartRequest parse(Map<String, ?> body) {
    return parse(JSON.writeValueAsString(body));
  }

  private static StartRequest parse(String json) {
    return JSON.readValue(json, StartRequest.class);
  }
}
