package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * docs/reference.md is what the contract says. After a change of the contract: {@code
 * -Dcontract.write=true}, as for the contract itself.
 */
class ReferenceTest {
  private static final Path PAGE = Path.of("docs", "reference.md");

  @Test
  void theReferenceIsWhatTheContractSays() throws IOException {
    String made = Reference.of(Path.of("openapi", "caisson.yaml"));
    if (Boolean.getBoolean("contract.write")) {
      Files.writeString(PAGE, made);
    }
    assertThat(made).isEqualTo(Files.readString(PAGE));
  }
}
