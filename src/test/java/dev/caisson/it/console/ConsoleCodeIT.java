package dev.caisson.it.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Machine;
import org.junit.jupiter.api.Test;

/** The console's source code: its format, its types, and its unit tests. */
class ConsoleCodeIT {

  @Test
  void itIsFormattedAndItsTypesAgreeWithTheContract() {
    Machine.run("kit/console-code.sh", "check");
  }

  @Test
  void itsUnitTestsPass() {
    assertThat(Machine.run("kit/console-code.sh", "test"))
        .containsPattern("tests [1-9]\\d")
        .contains("fail 0", "skipped 0");
  }
}
