package dev.caisson.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tar of a sandbox holds whatever its root has put there. */
class SandboxArchiveTest {
  private static final String JOURNAL = "processes/7/0000000000000000001.journal";

  @TempDir Path directory;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);
  private Path target;

  @BeforeEach
  void begin() {
    target = directory.resolve("processes");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
  }

  @Test
  void plainFilesOfASupervisorsNamesAreTaken() throws IOException {
    file("processes/7/record", "r");
    file(JOURNAL, "j");
    assertThat(take(100)).isEqualTo(2);
    assertThat(files()).containsExactly("7/0000000000000000001.journal", "7/record");
  }

  @Test
  void linksAndDevicesAreNot() throws IOException {
    for (byte kind :
        List.of(
            TarConstants.LF_SYMLINK,
            TarConstants.LF_LINK,
            TarConstants.LF_CHR,
            TarConstants.LF_BLK,
            TarConstants.LF_FIFO,
            TarConstants.LF_DIR)) {
      TarArchiveEntry entry = new TarArchiveEntry("processes/7/record", kind);
      if (kind == TarConstants.LF_SYMLINK || kind == TarConstants.LF_LINK) {
        entry.setLinkName("/etc/shadow");
      }
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    }
    assertThat(take(100)).isZero();
    assertThat(files()).isEmpty();
  }

  @Test
  void aDirectoryThatIsALinkInTheTarIsADirectoryHere() throws IOException {
    TarArchiveEntry link = new TarArchiveEntry("processes/7", TarConstants.LF_SYMLINK);
    link.setLinkName(directory.toString());
    tar.putArchiveEntry(link);
    tar.closeArchiveEntry();
    file("processes/7/record", "r");
    take(100);
    assertThat(directory.resolve("record")).doesNotExist();
    assertThat(target.resolve("7/record")).isRegularFile();
  }

  @Test
  void otherNamesAreNotTakenAndTheFirstOfANameStays() throws IOException {
    for (String name :
        List.of(
            "processes/../record",
            "processes/../../record",
            "/processes/7/record",
            "processes/7/../record",
            "processes/7/other",
            "processes/7/1.journal",
            "processes/7/a/record",
            "record")) {
      file(name, "x");
    }
    file("processes/7/record", "first");
    file("processes/7/record", "second");
    take(100);
    assertThat(files()).containsExactly("7/record");
    assertThat(target.resolve("7/record")).hasContent("first");
  }

  @Test
  void itIsBoundedWhateverTheTarSays() throws IOException {
    file(JOURNAL, "0123456789");
    file("processes/8/record", "0123456789");
    assertThat(take(15)).isEqualTo(15);
    assertThat(Files.size(target.resolve("8/record"))).isEqualTo(5);
  }

  private void file(String name, String content) throws IOException {
    byte[] text = content.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(text.length);
    tar.putArchiveEntry(entry);
    tar.write(text);
    tar.closeArchiveEntry();
  }

  private long take(long most) throws IOException {
    tar.close();
    return new SandboxArchive(most).take(new ByteArrayInputStream(bytes.toByteArray()), target);
  }

  private List<String> files() throws IOException {
    try (var all = Files.walk(target)) {
      return all.filter(f -> !Files.isDirectory(f, LinkOption.NOFOLLOW_LINKS))
          .map(f -> target.relativize(f).toString())
          .sorted()
          .toList();
    }
  }
}
