package dev.caisson.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.secret.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

/** The page of the console has all that its first paint needs, and names the modules at once. */
class ConsolePageTest {
  private static final Path STATIC = Path.of("src/main/resources/static");
  private static final Path MAIN = Path.of("console/main.js");
  private static final Pattern IMPORT =
      Pattern.compile("^(?:(?:import|export|}).* from|import) \"(\\.[^\"]+)\";", Pattern.MULTILINE);
  private static final Pattern PRELOAD =
      Pattern.compile("rel=\"modulepreload\" href=\"/([^\"]+)\"");

  private final InlinedPage inlined =
      new InlinedPage(new ClassPathResource("static/"), "index.html");
  private final String page;

  ConsolePageTest() throws IOException {
    page = inlined.page().getContentAsString(StandardCharsets.UTF_8);
  }

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

  /** A browser paints nothing before it has them. */
  @Test
  void namesNothingThatHoldsUpItsFirstPaint() {
    assertThat(page)
        .doesNotContain("rel=\"stylesheet\"", "<script src")
        .contains("<style>", "--ground", ".xterm", "caisson.theme", "id=\"loading\"");
  }

  @Test
  void hasHashesOfAllThatIsInIt() {
    assertThat(inlined.scriptHashes()).isEqualTo(hashes("<script>(.*?)</script>"));
    assertThat(inlined.styleHashes()).isEqualTo(hashes("<style>(.*?)</style>"));
  }

  private String hashes(String element) {
    return Pattern.compile(element, Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(found -> Sha256.of(found.group(1).getBytes(StandardCharsets.UTF_8)))
        .map(hash -> "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
        .collect(Collectors.joining(" "));
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
