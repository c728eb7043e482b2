package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds what docs/security.md names as a proof against what is there. */
class SecurityPageTest {
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:IT|Test))(?:\\.(\\w+))?`");
  private static final Path TESTS = Path.of("src/test/java");

  @Test
  void eachProofIsATest() throws IOException {
    List<MatchResult> named =
        NAMED.matcher(Files.readString(Path.of("docs/security.md"))).results().toList();
    assertThat(named).hasSizeGreaterThan(30);
    assertThat(named)
        .allSatisfy(each -> {
          Optional<String> source = source(each.group(1));
          assertThat(source).as(each.group()).isPresent();
          if (each.group(2) != null) {
            assertThat(source.get()).as(each.group()).contains("void " + each.group(2) + "(");
          }
        });
  }

  private static Optional<String> source(String type) throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      return files
          .filter(file -> file.endsWith(type + ".java"))
          .findFirst()
          .map(file -> {
            try {
              return Files.readString(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
