package dev.caisson.supervisor.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.setup.PreparationStep.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of a template before the first start of a daemon, mounts left out. */
class PreloadedImagesTest {
  private final Map<Path, Path> mounts = new HashMap<>();
  private Path shared;
  private Path data;

  @BeforeEach
  void aTemplateWithOneLayer(@TempDir Path root) throws IOException {
    shared = root.resolve("shared");
    data = root.resolve("data");
    Files.createDirectories(shared.resolve("image/overlay2/imagedb"));
    Files.writeString(shared.resolve("image/overlay2/repositories.json"), "{}");
    Files.createDirectories(shared.resolve("overlay2/abc/diff"));
    Files.createDirectories(shared.resolve("overlay2/abc/work"));
    Files.createDirectories(shared.resolve("overlay2/l"));
    Files.writeString(shared.resolve("overlay2/abc/link"), "SHORT");
  }

  @Test
  void whatIsWrittenToIsCopiedAndLayersAreShown() throws Exception {
    PreloadedImages images = images(0);
    assertThat(images.exist()).isTrue();
    assertThat(images.lay(List.of()).outcome()).isEqualTo(Outcome.DONE);
    assertThat(data.resolve("image/overlay2/repositories.json")).content().isEqualTo("{}");
    assertThat(mounts)
        .containsExactly(
            Map.entry(shared.resolve("overlay2/abc/diff"), data.resolve("overlay2/abc/diff")));
    assertThat(data.resolve("overlay2/abc/link")).content().isEqualTo("SHORT");
    assertThat(data.resolve("overlay2/abc/work")).isDirectory();
    assertThat(Files.readSymbolicLink(data.resolve("overlay2/l/SHORT")))
        .isEqualTo(Path.of("../abc/diff"));
  }

  @Test
  void whatADaemonHasUnmountedIsShownAgainAndWhatItHasRemovedIsNot() throws Exception {
    images(0).lay(List.of());
    mounts.clear();
    Path files = data.resolve("overlay2/abc/diff");
    images(0).lay(List.of(new MountPoint(files.toString(), Set.of("ro"), "ext4")));
    assertThat(mounts).as("it is mounted still").isEmpty();
    images(0).lay(List.of());
    assertThat(mounts).containsExactly(Map.entry(shared.resolve("overlay2/abc/diff"), files));
    mounts.clear();
    Files.delete(files);
    assertThat(images(0).lay(List.of()).outcome()).isEqualTo(Outcome.DONE);
    assertThat(mounts).isEmpty();
  }

  @Test
  void aMountThatFailsLeavesADaemonWithoutThem() {
    PreparationStep step = images(1).lay(List.of());
    assertThat(step.outcome()).isEqualTo(Outcome.TOLERATED);
    assertThat(step.detail()).contains("EPERM");
    assertThat(data.resolve("image")).doesNotExist();
  }

  private PreloadedImages images(int errno) {
    return new PreloadedImages(
        shared,
        data,
        (directory, place) -> {
          mounts.put(directory, place);
          return errno;
        });
  }
}
