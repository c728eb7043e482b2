package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The project's scripts give no key to a program as an argument, where every user sees it. */
class ScriptSecretsTest {
  private static final Pattern HEADER_AS_ARGUMENT =
      Pattern.compile("(-H|--header)[ =]?[\"']?Authorization");
  private static final Pattern PASSWORD_AS_ARGUMENT =
      Pattern.compile("\\bcurl\\b.* (-u|--user)[ =]|--password[ =]");

  @Test
  void noScriptPassesASecretAsAnArgument() throws IOException {
    List<String> found = new ArrayList<>();
    List<Path> scripts = scripts();
    for (Path script : scripts) {
      for (String line : Files.readAllLines(script)) {
        // What is printed is how people may call it.
        if (!line.strip().startsWith("printf ")
            && (HEADER_AS_ARGUMENT.matcher(line).find()
                || PASSWORD_AS_ARGUMENT.matcher(line).find())) {
          found.add(script + ": " + line.strip());
        }
      }
    }
    assertThat(scripts).contains(Path.of("quickstart"), Path.of("kit/lab"));
    assertThat(found).isEmpty();
  }

  private static List<Path> scripts() throws IOException {
    List<Path> scripts = new ArrayList<>(List.of(Path.of("quickstart")));
    for (String room : List.of(".ci", "bench", "kit")) {
      try (Stream<Path> files = Files.walk(Path.of(room))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (isScript(file)) {
            scripts.add(file);
          }
        }
      }
    }
    return scripts;
  }

  private static boolean isScript(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines.findFirst().filter(line -> line.matches("#!.*\\b(ba)?sh\\b.*")).isPresent();
    }
  }
}
