package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.RefusalCode;
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
          cannot start ls: it is not found on its PATH | Cannot start ls: it is not found on its PATH (ENOENT)
          cannot start in the directory /no: no such file | Cannot start ls in the directory /no: no such file (ENOENT)
          there is no user x in this sandbox | Cannot start ls: there is no user x in this sandbox (ENOENT)
          """)
  void saysNothingTwice(String why, String said) {
    SandboxId id = SandboxId.random();
    SupervisorException.Refused refused =
        new SupervisorException.Refused(id, RefusalCode.ENOENT, why);

    assertThat(new ProcessException.NotStarted(id, List.of("ls"), refused)).hasMessage(said);
  }
}
