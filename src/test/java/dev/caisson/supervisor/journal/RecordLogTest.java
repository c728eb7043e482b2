package dev.caisson.supervisor.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.supervisor.wire.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log of records keeps, and what it gives back. */
class RecordLogTest {
  private static final long NOW = 1_764_000_000_000_000L;

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private List<String> left() throws IOException {
    return new RecordLog(directory)
        .left().stream().map(found -> new String(found.bytes(), StandardCharsets.UTF_8)).toList();
  }

  @Test
  void readsEachRecordFromItsPlace() throws Exception {
    RecordLog log = new RecordLog(directory);
    long first = log.append(bytes("first"), NOW);
    long second = log.append(bytes("the second"), NOW);

    assertThat(log.read(first)).isEqualTo(bytes("first"));
    assertThat(log.read(second)).isEqualTo(bytes("the second"));
  }

  @Test
  void isFoundByALaterSupervisorWhichGoesOn() throws Exception {
    new RecordLog(directory).append(bytes("old"), NOW);
    RecordLog second = new RecordLog(directory);
    List<RecordLog.Found> found = second.left();
    long fresh = second.append(bytes("new"), NOW);

    assertThat(second.read(found.getFirst().place())).isEqualTo(bytes("old"));
    assertThat(second.read(fresh)).isEqualTo(bytes("new"));
    assertThat(left()).containsExactly("old", "new");
  }

  @Test
  void readsAsAJournal() throws Exception {
    RecordLog log = new RecordLog(directory);
    for (int i = 0; i < 3_000; i++) {
      log.append(bytes("record ".repeat(20) + i), NOW);
    }

    assertThat(files()).hasSizeGreaterThan(1);
    try (JournalReader reader = JournalReader.after(directory, 0)) {
      for (int i = 0; i < 3_000; i++) {
        assertThat(reader.next())
            .isInstanceOfSatisfying(
                Answer.Output.class, piece -> assertThat(piece.at()).isEqualTo(NOW));
      }
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void deletesASegmentOfWhichNothingIsWanted() throws Exception {
    RecordLog log = new RecordLog(directory);
    List<Long> places = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      places.add(log.append(bytes("record ".repeat(20) + i), NOW));
    }
    List<Path> before = files();

    places.subList(0, 2_000).forEach(log::drop);

    assertThat(files()).isEqualTo(before.subList(1, before.size()));
    assertThat(log.read(places.get(2_000))).isEqualTo(bytes("record ".repeat(20) + 2_000));
  }

  @Test
  void leavesOutWhatWasNotWrittenToItsEnd() throws Exception {
    RecordLog log = new RecordLog(directory);
    log.append(bytes("whole"), NOW);
    log.append(bytes("torn"), NOW);
    Path file = files().getFirst();
    byte[] all = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(all, all.length - 1));

    assertThat(left()).containsExactly("whole");
  }

  @Test
  void leavesOutWhatSaysToBeLongerThanItIs() throws Exception {
    RecordLog log = new RecordLog(directory);
    log.append(bytes("whole"), NOW);
    byte[] frame = new byte[JournalFormat.FRAME_HEADER];
    frame[JournalFormat.FRAME_HEADER - Integer.BYTES] = Byte.MAX_VALUE;
    Files.write(files().getFirst(), frame, StandardOpenOption.APPEND);

    assertThat(left()).containsExactly("whole");
  }

  @Test
  void forgetsAllOnceItIsCleared() throws Exception {
    RecordLog log = new RecordLog(directory);
    long place = log.append(bytes("gone"), NOW);
    log.clear();

    assertThat(files()).isEmpty();
    assertThatThrownBy(() -> log.read(place)).isInstanceOf(IOException.class);
    log.append(bytes("after"), NOW);
    assertThat(left()).containsExactly("after");
  }
}
