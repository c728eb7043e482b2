package dev.caisson.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Chunk;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Message;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Holes of files, told by a supervisor and made by it. */
@Timeout(60)
@Tag("root")
class SupervisorHolesTest {
  private static final int BLOCK = 4096;
  private static final long MEBIBYTE = 1 << 20;

  @AutoClose private static SupervisorProcess supervisor;

  @BeforeAll
  static void start() {
    supervisor = SupervisorProcess.configured();
  }

  @Test
  void aFileIsToldByWhatIsNoHole() throws Exception {
    Path file = file("two", 1 << 30, 0, 512 * MEBIBYTE);

    List<Message> answers = tree(file, true);

    assertThat(answers.getFirst())
        .isInstanceOfSatisfying(FileInfo.class, info -> assertThat(info.sparse()).isTrue());
    assertThat(answers.get(1))
        .isEqualTo(
            new Answer.Extents(
                List.of(new Answer.Extent(0, BLOCK), new Answer.Extent(512 * MEBIBYTE, BLOCK))));
    assertThat(bytes(answers)).extracting(Answer.Bytes::offset).containsExactly(0L, 1L << 29);
    assertThat(bytes(answers)).allSatisfy(each -> assertThat(each.bytes()).hasSize(BLOCK));
  }

  @Test
  void aHoleAloneIsNoExtentAndTheEndOfAFileNeedNotBeABlocks() throws Exception {
    assertThat(tree(file("empty", MEBIBYTE), true).get(1)).isEqualTo(new Answer.Extents(List.of()));

    Path odd = file("odd", 0, MEBIBYTE);
    try (RandomAccessFile access = new RandomAccessFile(odd.toFile(), "rw")) {
      access.setLength(MEBIBYTE + 7);
    }
    assertThat(tree(odd, true).get(1))
        .isEqualTo(new Answer.Extents(List.of(new Answer.Extent(MEBIBYTE, 7))));
  }

  @Test
  void whoDoesNotAskIsToldZerosAndSmallHolesAreNotTold() throws Exception {
    Path file = file("plain", MEBIBYTE, 0);
    assertThat(bytes(tree(file, false)).stream().mapToLong(each -> each.bytes().length).sum())
        .isEqualTo(MEBIBYTE);

    Path small = file("small", 5 * BLOCK, 0);
    assertThat(tree(small, true).get(1)).isInstanceOf(Answer.Bytes.class);
  }

  /** The largest holes stay, and nothing of the data is lost. */
  @Test
  void ofVeryManyExtentsTheNearestAreTakenTogether() throws Exception {
    long[] offsets = new long[3 * Answer.Extents.MOST];
    for (int i = 0; i < offsets.length; i++) {
      // Each third hole is larger.
      offsets[i] = (i / 3) * 20L * BLOCK + i % 3 * 2L * BLOCK;
    }
    Path file = file("many", 400 * MEBIBYTE, offsets);

    Answer.Extents told = (Answer.Extents) tree(file, true).get(1);

    assertThat(told.extents()).hasSize(Answer.Extents.MOST);
    assertThat(told.extents()).allSatisfy(each -> assertThat(each.length()).isEqualTo(5 * BLOCK));
  }

  @Test
  void whatIsLeftOutOfAnUploadIsAHole() throws Exception {
    Path path = supervisor.directory().resolve("made");
    byte[] word = "data".getBytes(StandardCharsets.UTF_8);
    try (Connection connection = supervisor.connect()) {
      connection.send(
          FileRequest.WriteFile.builder(path.toString()).overwrite(true).holes(true).build());
      connection.send(new Chunk(word, false, 1 << 30));
      connection.send(new Chunk(word, false, 0));
      connection.send(new Chunk(new byte[0], true, 1 << 20));
      assertThat(connection.receive())
          .isInstanceOfSatisfying(FileInfo.class, info -> assertThat(info.sparse()).isTrue());
    }
    assertThat(Files.size(path)).isEqualTo((1L << 30) + 2L * word.length + (1 << 20));
    try (RandomAccessFile access = new RandomAccessFile(path.toFile(), "r")) {
      byte[] read = new byte[12];
      access.seek((1 << 30) - 2);
      access.readFully(read);
      assertThat(new String(read, StandardCharsets.UTF_8)).isEqualTo("\0\0datadata\0\0");
    }
    assertThat(blocks(path)).isLessThan(100);
  }

  private static List<Message> tree(Path path, boolean holes) throws IOException {
    return supervisor.stream(new FileRequest.ReadTree(path.toString(), true, holes));
  }

  private static List<Answer.Bytes> bytes(List<Message> answers) {
    return answers.stream()
        .filter(Answer.Bytes.class::isInstance)
        .map(Answer.Bytes.class::cast)
        .toList();
  }

  /** Makes a file of this size at least, with a block of data at each of these places. */
  private static Path file(String name, long size, long... offsets) throws IOException {
    Path path = supervisor.directory().resolve(name);
    byte[] block = new byte[BLOCK];
    Arrays.fill(block, (byte) 'x');
    try (RandomAccessFile access = new RandomAccessFile(path.toFile(), "rw")) {
      for (long offset : offsets) {
        access.seek(offset);
        access.write(block);
      }
      access.setLength(Math.max(size, access.length()));
    }
    return path;
  }

  private static long blocks(Path path) throws Exception {
    Process stat = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
    return Long.parseLong(
        new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
  }
}
