package dev.caisson.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of the console names all modules that it needs at once. */
class ConsolePageTest {
  private static final Path STATIC = Path.of("src/main/resources/static");
  private static final Path MAIN = Path.of("console/main.js");
  private static final Pattern IMPORT =
      Pattern.compile("^(?:(?:import|export|}).* from|import) \"(\\.[^\"]+)\";", Pattern.MULTILINE);
  private static final Pattern PRELOAD =
      Pattern.compile("rel=\"modulepreload\" href=\"/([^\"]+)\"");

  /**
   * Otherwise a browser learns of each only from the one before it: a round trip for each level.
   */
  @Test
  void preloadsWhatMainImports() throws IOException {
    List<String> preloaded =
        PRELOAD
            .matcher(Files.readString(STATIC.resolve("index.html")))
            .results()
            .map(found -> found.group(1))
            .toList();
    Set<Path> needed = new TreeSet<>();
    collect(MAIN, needed);
    assertThat(preloaded)
        .containsExactlyInAnyOrderElementsOf(
            needed.stream().filter(each -> !each.equals(MAIN)).map(Path::toString).toList());
  }

  /** What terminals need is most of the console's size, and is loaded with the first of them. */
  @Test
  void needsNoLibraryButTheOneThatRenders() throws IOException {
    Set<Path> needed = new TreeSet<>();
    collect(MAIN, needed);
    assertThat(needed)
        .filteredOn(each -> each.toString().contains("/vendor/"))
        .containsExactly(Path.of("console/vendor/preact-htm.js"));
  }

  private static void collect(Path module, Set<Path> into) throws IOException {
    if (into.add(module)) {
      List<String> imported =
          IMPORT
              .matcher(Files.readString(STATIC.resolve(module)))
              .results()
              .map(found -> found.group(1))
              .toList();
      for (String each : imported) {
        collect(module.resolveSibling(each).normalize(), into);
      }
    }
  }
}
