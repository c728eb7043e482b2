package dev.caisson.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.cli.copy.Place;
import dev.caisson.cli.copy.Tar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories there and back; and archives that somebody in a sandbox has made up. */
class CopyTest {
  @TempDir Path directory;

  private void unpack(byte[] archive, Path into) throws IOException {
    Tar.unpack(new ByteArrayInputStream(archive), into);
  }

  @Test
  void aDirectoryIsTheSameThereAndBack() throws IOException {
    Path source = Files.createDirectories(directory.resolve("source"));
    Files.createDirectories(source.resolve("empty"));
    Path deep = Files.createDirectories(source.resolve("a/" + "long".repeat(30)));
    Files.writeString(deep.resolve("ünï"), "content");
    Path script = Files.writeString(source.resolve("run.sh"), "true");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(source.resolve("link"), Path.of("run.sh"));
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    Tar.pack(source, archive);
    Path back = directory.resolve("back");
    unpack(archive.toByteArray(), back);
    // Once more, over what is there.
    unpack(archive.toByteArray(), back);
    assertThat(back.resolve("empty")).isEmptyDirectory();
    assertThat(back.resolve("a").resolve("long".repeat(30)).resolve("ünï")).hasContent("content");
    assertThat(Files.isExecutable(back.resolve("run.sh"))).isTrue();
    assertThat(Files.readSymbolicLink(back.resolve("link"))).isEqualTo(Path.of("run.sh"));
  }

  @Test
  void nothingIsWrittenOutsideWhateverTheArchiveSays() throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Path target = Files.createDirectories(directory.resolve("target"));
    assertThatThrownBy(() -> unpack(archive("../outside/file", null), target))
        .hasMessageContaining("outside of it");
    assertThatThrownBy(() -> unpack(archive("/etc/file", null), target))
        .hasMessageContaining("outside of it");
    assertThatThrownBy(() -> unpack(archive("link", "../outside/other", true), target))
        .hasMessageContaining("outside of it");
    // A link that an archive before has made: no name leads through it.
    unpack(archive("way", outside.toString()), target);
    assertThatThrownBy(() -> unpack(archive("way/file", null), target))
        .hasMessageContaining("through a link");
    // And a file in its place replaces it.
    unpack(archive("way", null), target);
    assertThat(target.resolve("way")).isRegularFile();
    assertThat(outside).isEmptyDirectory();
  }

  private static byte[] archive(String name, @Nullable String link) throws IOException {
    return archive(name, link, false);
  }

  private static byte[] archive(String name, @Nullable String link, boolean hard)
      throws IOException {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(made)) {
      byte[] content = "x".getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry entry;
      if (link == null) {
        entry = new TarArchiveEntry(name, TarArchiveEntry.LF_NORMAL, true);
        entry.setSize(content.length);
      } else {
        entry =
            new TarArchiveEntry(name, hard ? TarArchiveEntry.LF_LINK : TarArchiveEntry.LF_SYMLINK);
        entry.setLinkName(link);
      }
      tar.putArchiveEntry(entry);
      if (link == null) {
        tar.write(content);
      }
      tar.closeArchiveEntry();
    }
    return made.toByteArray();
  }

  @Test
  void aPlaceIsHereUnlessItNamesASandbox() {
    assertThat(Place.parse("sb-aaaaaaaa:/a/b/")).isEqualTo(new Place("sb-aaaaaaaa", "/a/b/"));
    assertThat(Place.parse("./a:/b")).isEqualTo(new Place(null, "./a:/b"));
    assertThat(Place.parse("file")).isEqualTo(new Place(null, "file"));
    assertThat(Place.parse("web:/a/b/").name()).isEqualTo("b");
    assertThat(Place.parse("web:/a/").child("c")).isEqualTo("/a/c");
  }
}
