package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing on a page is left out in silence. */
class DocsPageTest {

  @Test
  void tellsWhatIsRunWhatIsShownAndWhatSaysNeither(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("page.md"),
            """
            ```sh
            echo 1; echo 2
            # → 1
            # → 2
            ```
            <!-- not run: no helm here -->
            ```sh
            helm install
            ```
            ```json
            {}
            ```
            <!-- not run: far away -->
            Words between.
            ```
            rm -rf /
            ```
            """);
    var blocks = DocsPage.read(file).blocks();
    assertThat(blocks).extracting(DocsPage.Block::run).containsExactly(true, false, false, false);
    assertThat(blocks)
        .extracting(DocsPage.Block::unclear)
        .containsExactly(false, false, false, true);
    assertThat(blocks.get(0).answers()).containsExactly("1", "2");
    assertThat(blocks.get(1).reason()).isEqualTo("no helm here");
    assertThat(blocks.get(3).line()).isEqualTo(15);
  }
}
