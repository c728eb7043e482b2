package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.sandbox.SandboxId;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a process that was not started: each thing once. */
class ProcessExceptionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cannot start ls: it is not found on its PATH | Cannot start ls: it is not found on its PATH (E)
          cannot start in the directory /no: no such file | Cannot start ls in the directory /no: no such file (E)
          there is no user x in this sandbox | Cannot start ls: there is no user x in this sandbox (E)
          """)
  void saysNothingTwice(String why, String said) {
    assertThat(new ProcessException.NotStarted(SandboxId.random(), List.of("ls"), "E", why, null))
        .hasMessage(said);
  }
}
