package dev.caisson.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** What a sandbox can leave in a directory, and that it goes. */
@Timeout(60)
class TrashTest {
  @TempDir private Path directory;
  private Path things;
  private Trash trash;

  @BeforeEach
  void make() throws IOException {
    things = Files.createDirectory(directory.resolve("things"));
    trash = new Trash(directory.resolve("trash"));
  }

  @Test
  void aTreeThatIsDeeperThanAPathCanBeGoes() throws Exception {
    sh("perl -e 'for (1..1500) { mkdir \"dddddddd\"; chdir \"dddddddd\" } open(F, \">f\")'");
    assertThatThrownBy(() -> FileSystemUtils.deleteRecursively(things))
        .isInstanceOf(IOException.class);

    goes();
  }

  @Tag("slow")
  @Tag("root")
  @Test
  void manyFilesOddNamesAndLinksGoAndWhatLinksLeadToStays() throws Exception {
    Path kept = Files.writeString(directory.resolve("kept"), "kept");
    sh(
        "seq 20000 | xargs touch; mkdir -p a/b locked; touch locked/f; chmod 0 locked;"
            + " ln -s ../../kept a/link; ln -s / a/b/root; ln -s loop loop; mkfifo pipe;"
            + " touch -- -rf \"$(printf 'new\\nline')\" \"$(printf '\\377\\376')\" ' '");

    goes();
    assertThat(kept).hasContent("kept");
    assertThat(Files.exists(Path.of("/etc/passwd"))).isTrue();
  }

  @Test
  void whatAServiceBeforeHasLeftGoesWithTheNext() throws Exception {
    Files.createDirectories(directory.resolve("trash/left/below"));
    trash.sweep();
    assertThat(entries(directory.resolve("trash"))).isZero();
  }

  private void goes() throws IOException {
    trash.take(things);
    assertThat(things).doesNotExist();
    trash.sweep();
    // The one in the background may have been at it, too.
    for (long left = 1; left > 0; left = entries(directory.resolve("trash"))) {
      trash.sweep();
    }
  }

  private static long entries(Path of) throws IOException {
    try (Stream<Path> entries = Files.list(of)) {
      return entries.count();
    }
  }

  private void sh(String line) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-euc", line)
            .directory(things.toFile())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
