package dev.caisson.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.caisson.ProductClasses;
import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;
import dev.caisson.files.FileErrors;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.RefusalCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The codes of errors: each is listed, and docs/errors.md is made from them, with {@code
 * -Dcontract.write=true}.
 */
class ErrorCodesTest {
  private static final Path PAGE = Path.of("docs/errors.md");

  private static final String HEAD =
      """
      # Errors

      Made from the enums of error codes by `ErrorCodesTest`; not written by hand.

      Every error is `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)), a
      [Problem](reference.md#problem). Programs decide by `code`, which is stable; `detail` is for people, and may change. A newer service
      can have codes that are not listed here: treat such a code according to its status.

      * `detail` says what is wrong and what to do; some errors also have `reason` and `remedy`.
      * `retryAfterMs`, and the header `Retry-After` in seconds, say when it is worth trying again.
      * `errors` names each invalid `field`, with a `message`.
      * `sandbox` and other fields say which object is meant.
      """;

  private static final String SYSTEM =
      """

      ## System errors of a sandbox

      A refusal by the operating system of the sandbox has the name of the system error as its code. A process that was not started
      also has `cause` `NOT_STARTED`. Operations on files have statuses of their own for these codes. Names that are not in this table
      are answered in the same way, with status 422.

      | code | status | of files | meaning |
      | --- | --- | --- | --- |
      """;

  private static final String TAIL =
      """

      ## HTTP

      A request that reaches no operation, or that HTTP itself rules out, has the name of its status as the code: `NOT_FOUND`,
      `METHOD_NOT_ALLOWED`, `NOT_ACCEPTABLE`, `UNSUPPORTED_MEDIA_TYPE` and so on.
      """;

  @Test
  void listsTheCodesOfEveryRoom() {
    List<String> there =
        ProductClasses.all().stream()
            .filter(type -> type.isEnum() && type.isAssignableTo(ErrorCode.class))
            .map(JavaClass::getName)
            .toList();

    assertThat(ErrorCodes.FAMILIES)
        .extracting(Class::getName)
        .containsExactlyInAnyOrderElementsOf(there);
  }

  @Test
  void givesEachCodeOneMeaning() {
    assertThat(ErrorCodes.names())
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[A-Z][A-Z0-9_]{0,63}"));
  }

  @Test
  void describesEachCodeOnItsPage() throws IOException {
    String now = page();
    if (Boolean.getBoolean("contract.write")) {
      Files.writeString(PAGE, now);
    }
    assertThat(now)
        .as("write the page: -Dcontract.write=true, and read the difference")
        .isEqualTo(Files.readString(PAGE));
  }

  private static String page() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Class<? extends ErrorCode> family : ErrorCodes.FAMILIES) {
      String room = family.getSimpleName().replace("ErrorCode", "");
      page.append("\n## ").append(title(room)).append("\n\n| code | status | meaning |\n");
      page.append("| --- | --- | --- |\n");
      for (ErrorCode code : family.getEnumConstants()) {
        page.append(row("`" + code.name() + "`", status(code.kind()), code.meaning()));
      }
    }
    page.append(SYSTEM);
    for (RefusalCode code : ErrorCodes.relayed()) {
      ErrorCode elsewhere = new SupervisorException.Refused(SandboxId.random(), code, "").code();
      String files =
          code.origin() == RefusalCode.Origin.ARCHIVE ? "" : status(FileErrors.kind(code));
      page.append(row("`" + code.name() + "`", status(elsewhere.kind()), files, code.meaning()));
    }
    return page.append(TAIL).toString();
  }

  private static String title(String family) {
    return switch (family) {
      case "Common" -> "Requests";
      case "Access" -> "Access";
      case "Engine" -> "Container engine";
      case "Supervisor" -> "Supervisors";
      case "Docker" -> "Docker daemons";
      case "Ports" -> "Ports";
      case "Proxy" -> "Requests that are passed on";
      case "Process" -> "Processes";
      case "Sandbox" -> "Sandboxes";
      default -> family + "s";
    };
  }

  private static String status(ErrorKind kind) {
    return Integer.toString(Problems.status(kind).value());
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
