package dev.caisson.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.access.AccessException;
import dev.caisson.error.CaissonException;
import dev.caisson.error.FieldError;
import dev.caisson.process.ProcessException;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.RefusalCode;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** Every error is a problem document, whatever a sandbox calls it. */
class ProblemsTest {
  private final Problems problems = new Problems();

  @ParameterizedTest
  @ValueSource(strings = {"EVIL\nX", "", " ", "a b", "é", "%", "\0", "A:B/C?D#E", "𝕏"})
  void makesAProblemOfAnyCode(String code) {
    ProblemDetail detail = detail(refused(code), HttpStatus.UNPROCESSABLE_CONTENT);

    assertThat(detail.getType()).hasToString("urn:caisson:problem:internal");
    assertThat(detail.getProperties()).containsEntry("code", "INTERNAL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"E2BIG", "ENEWER", "ERRNO_133", "OTHER", "OF_A_NEWER_SUPERVISOR"})
  void keepsACodeThatIsOneWhetherItIsKnownOrNot(String code) {
    ProblemDetail detail = detail(refused(code), HttpStatus.UNPROCESSABLE_CONTENT);

    assertThat(detail.getProperties()).containsEntry("code", code);
  }

  @Test
  void saysThatOutputIsGone() {
    SupervisorException.Refused lost =
        new SupervisorException.Refused(SandboxId.random(), RefusalCode.OUTPUT_LOST, "it is lost");

    ProblemDetail detail = detail(lost, HttpStatus.GONE);

    assertThat(detail.getType()).hasToString("urn:caisson:problem:output-lost");
  }

  @Test
  void saysThatASupervisorThatIsNotBelievedIsLost() {
    SupervisorException.Untrusted broken =
        new SupervisorException.Untrusted(SandboxId.random(), "it does not keep to the format");

    ProblemDetail detail = detail(broken, HttpStatus.BAD_GATEWAY);

    assertThat(detail.getProperties()).containsEntry("code", "SUPERVISOR_LOST");
    assertThat(detail.getDetail()).isEqualTo("it does not keep to the format");
  }

  @Test
  void saysWhatAnOlderSupervisorLacks() {
    SupervisorException.TooOld old =
        new SupervisorException.TooOld(SandboxId.random(), "0a1b2c", "Start.limits");

    ProblemDetail detail = detail(old, HttpStatus.CONFLICT);

    assertThat(detail.getProperties())
        .containsEntry("code", "SUPERVISOR_TOO_OLD")
        .containsEntry("kit", "0a1b2c")
        .containsEntry("lacks", "Start.limits");
    assertThat(detail.getDetail()).contains("older version (0a1b2c)", "new sandbox");
  }

  @Test
  void saysThatASupervisorIsNewerThanTheService() {
    SupervisorException.TooNew young =
        new SupervisorException.TooNew(
            SandboxId.random(), "0a1b2c", new IllegalStateException("unknown constant of State"));

    ProblemDetail detail = detail(young, HttpStatus.NOT_IMPLEMENTED);

    assertThat(detail.getProperties()).containsEntry("code", "SUPERVISOR_TOO_NEW");
    assertThat(detail.getDetail()).contains("newer version (0a1b2c)", "unknown constant of State");
  }

  @Test
  void namesTheFieldThatIsNotValid() {
    ProblemDetail detail =
        detail(
            new ProcessException.Invalid("env.PATH", "must not be negative"),
            HttpStatus.BAD_REQUEST);

    assertThat(detail.getDetail()).isEqualTo("env.PATH must not be negative");
    assertThat(detail.getProperties())
        .containsEntry("code", "INVALID_REQUEST")
        .containsEntry("errors", List.of(new FieldError("env.PATH", "must not be negative")));
  }

  @Test
  void addsTheHeadersThatHttpHasForAnError() {
    assertThat(headers(new SandboxException.ServiceStopping()).get(HttpHeaders.RETRY_AFTER))
        .containsExactly("5");
    assertThat(headers(new ProcessException.NoSuchRange(1000, 100)).get(HttpHeaders.CONTENT_RANGE))
        .containsExactly("bytes */1000");
    assertThat(headers(new AccessException.Disguised("is odd")).headerNames()).isEmpty();
  }

  private HttpHeaders headers(CaissonException e) {
    return problems.known(e).getHeaders();
  }

  private static SupervisorException.Refused refused(String code) {
    return new SupervisorException.Refused(SandboxId.random(), new Answer.Refused(code, "no"));
  }

  private ProblemDetail detail(CaissonException e, HttpStatus status) {
    ResponseEntity<Object> answer = problems.known(e);
    assertThat(answer.getStatusCode()).isEqualTo(status);
    return (ProblemDetail) Objects.requireNonNull(answer.getBody());
  }
}
