package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a host is a sandbox's. */
class FootprintsTest {
  private static final String CONTAINER =
      """
      {"GraphDriver": {"Data": {"UpperDir": "/e/overlay2/x/diff"}},
       "HostsPath": "/e/containers/c/hosts",
       "LogPath": "/e/containers/c/c-json.log",
       "Mounts": [
         {"Source": "/e/volumes/state/_data", "Destination": "/var/lib/caisson", "RW": true},
         {"Source": "/e/volumes/disk/_data", "Destination": "/var/lib/docker", "RW": true},
         {"Source": "/e/volumes/kit/_data", "Destination": "/opt/caisson", "RW": false}]}
      """;

  @Test
  void itIsWhatItCanWriteTo() throws IOException {
    assertThat(places(CONTAINER, null))
        .containsExactly(
            Path.of("/e/overlay2/x/diff"),
            Path.of("/e/containers/c"),
            Path.of("/e/volumes/state/_data"),
            Path.of("/e/volumes/disk/_data"));
  }

  @Test
  void filesOfTheContainerThatHoldsItsNetworkAreAmongThem() throws IOException {
    assertThat(
            places(CONTAINER.replace("/e/containers/c/hosts", "/e/containers/holder/hosts"), null))
        .contains(Path.of("/e/containers/holder"), Path.of("/e/containers/c"));
  }

  @Test
  void aDiskCountsForWhatItTakesOfTheHost() throws IOException {
    assertThat(places(CONTAINER, Path.of("/home/disks/sb.img")))
        .containsExactly(
            Path.of("/e/overlay2/x/diff"),
            Path.of("/e/containers/c"),
            Path.of("/home/disks/sb.img"),
            Path.of("/e/volumes/state/_data"));
  }

  @Test
  void anEngineThatNamesNoLayerIsNotSeenInto() throws IOException {
    assertThat(places("{\"GraphDriver\": {}, \"HostsPath\": \"/e/c/hosts\"}", null)).isEmpty();
  }

  @Test
  void blocksCountAndNotLengthsAndWhatIsGoneIsNothing(@TempDir Path home) throws IOException {
    Path files = Files.createDirectory(home.resolve("files"));
    Path alone = home.resolve("alone");
    Files.write(files.resolve("full"), new byte[3 << 20]);
    Files.createLink(files.resolve("the same"), files.resolve("full"));
    try (RandomAccessFile sparse = new RandomAccessFile(files.resolve("sparse").toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    Files.write(alone, new byte[1 << 20]);

    assertThat(Footprints.count(List.of(files, alone, home.resolve("gone"))))
        .isBetween(4L << 20, (4L << 20) + (64 << 10));
  }

  private static List<Path> places(String container, @Nullable Path disk) throws IOException {
    return Footprints.places(new ObjectMapper().readTree(container), disk);
  }
}
