package dev.caisson.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** Every error is a problem document, whatever a sandbox calls it. */
class ProblemsTest {
  private final Problems problems = new Problems();

  @ParameterizedTest
  @ValueSource(strings = {"EVIL\nX", "", " ", "a b", "é", "%", "\0", "A:B/C?D#E", "𝕏"})
  void makesAProblemOfAnyCode(String code) {
    ProblemDetail detail =
        detail(problems.supervisor(refused(code)), HttpStatus.UNPROCESSABLE_CONTENT);

    assertThat(detail.getType()).hasToString("urn:caisson:problem:internal");
    assertThat(detail.getProperties()).containsEntry("code", "INTERNAL");
  }

  @Test
  void keepsACodeThatIsOne() {
    ProblemDetail detail =
        detail(problems.supervisor(refused("E2BIG")), HttpStatus.UNPROCESSABLE_CONTENT);

    assertThat(detail.getType()).hasToString("urn:caisson:problem:e2big");
  }

  @Test
  void saysThatASupervisorThatIsNotBelievedIsLost() {
    SupervisorException.Untrusted broken =
        new SupervisorException.Untrusted(SandboxId.random(), "it does not keep to the format");

    ProblemDetail detail = detail(problems.supervisor(broken), HttpStatus.BAD_GATEWAY);

    assertThat(detail.getProperties()).containsEntry("code", "SUPERVISOR_LOST");
    assertThat(detail.getDetail()).isEqualTo("it does not keep to the format");
  }

  @Test
  void saysWhatAnOlderSupervisorLacks() {
    SupervisorException.TooOld old =
        new SupervisorException.TooOld(SandboxId.random(), "0a1b2c", "Start.limits");

    ProblemDetail detail = detail(problems.supervisor(old), HttpStatus.CONFLICT);

    assertThat(detail.getProperties())
        .containsEntry("code", "SUPERVISOR_TOO_OLD")
        .containsEntry("kit", "0a1b2c")
        .containsEntry("lacks", "Start.limits");
    assertThat(detail.getDetail()).contains("older version (0a1b2c)", "a new sandbox does");
  }

  @Test
  void saysThatASupervisorIsNewerThanTheService() {
    SupervisorException.TooNew young =
        new SupervisorException.TooNew(
            SandboxId.random(), "0a1b2c", new IllegalStateException("unknown constant of State"));

    ProblemDetail detail = detail(problems.supervisor(young), HttpStatus.NOT_IMPLEMENTED);

    assertThat(detail.getProperties()).containsEntry("code", "SUPERVISOR_TOO_NEW");
    assertThat(detail.getDetail()).contains("newer version (0a1b2c)", "unknown constant of State");
  }

  private static SupervisorException.Refused refused(String code) {
    return new SupervisorException.Refused(SandboxId.random(), code, "no");
  }

  private static ProblemDetail detail(ResponseEntity<Object> answer, HttpStatus status) {
    assertThat(answer.getStatusCode()).isEqualTo(status);
    return (ProblemDetail) Objects.requireNonNull(answer.getBody());
  }
}
