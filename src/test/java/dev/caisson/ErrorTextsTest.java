package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every text of an error was read as whoever gets it reads it: does it say what happened, why, and
 * what to do? A new one is written down with {@code -Dcontract.write=true}, and read.
 */
class ErrorTextsTest {
  private static final Path WRITTEN = Path.of("src/test/resources/errors.txt");
  private static final String HEAD =
      "# The texts of errors, by room, as ErrorTextsTest finds them in the sources; {} is computed."
          + "\n";

  private static final Pattern TWICE = Pattern.compile("(\\b\\w+ \\w+ \\w+\\b).*\\b\\1\\b");

  @Test
  void eachWasReadAndWrittenDown() throws IOException {
    String now = HEAD + String.join("\n", ErrorTexts.of(Path.of("src/main/java"))) + "\n";
    if (Boolean.getBoolean("contract.write")) {
      Files.writeString(WRITTEN, now);
    }
    assertThat(now)
        .as("write the texts down: -Dcontract.write=true, and read the new ones")
        .isEqualTo(Files.readString(WRITTEN));
  }

  @Test
  void noneSaysAThingTwice() throws IOException {
    List<String> texts = ErrorTexts.of(Path.of("src/main/java"));
    assertThat(texts).hasSizeGreaterThan(200).noneMatch(TWICE.asPredicate());
  }
}
