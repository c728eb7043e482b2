package dev.caisson.supervisor.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.StreamName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a journal keeps, and what its reader believes. */
class JournalTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05.000006Z"), ZoneOffset.UTC);

  @TempDir Path directory;

  @Test
  void numbersPiecesAndCountsEachStream() throws Exception {
    Journal journal = journal(0);
    append(journal, StreamName.STDOUT, "one");
    append(journal, StreamName.STDERR, "two!");
    append(journal, StreamName.STDOUT, "three");

    List<Answer.Simple> read = read(0);

    assertThat(read).hasSize(3);
    Answer.Output last = (Answer.Output) read.get(2);
    assertThat(last.seq()).isEqualTo(3);
    assertThat(last.at()).isEqualTo(1_767_323_045_000_006L);
    assertThat(last.offset()).isEqualTo(3);
    assertThat(last.bytes()).isEqualTo("three".getBytes(StandardCharsets.UTF_8));
    assertThat(journal.volume(StreamName.STDOUT)).isEqualTo(new ProcessInfo.Volume(8, 0));
    assertThat(journal.volume(StreamName.STDERR)).isEqualTo(new ProcessInfo.Volume(4, 0));
    assertThat(read(2)).hasSize(1);
  }

  @Test
  void makesNothingOnDiskBeforeTheFirstByte() {
    Path lazy = directory.resolve("lazy");
    Journal journal = new Journal(lazy, 0, CLOCK);

    assertThat(lazy).doesNotExist();
    assertThat(journal.volume(StreamName.STDOUT)).isEqualTo(ProcessInfo.Volume.NONE);
  }

  @Test
  void dropsTheOldestAndTellsReadersOfTheGap() throws Exception {
    Journal journal = journal(512 << 10);
    String piece = "x".repeat(10_000);
    for (int i = 0; i < 200; i++) {
      append(journal, i % 10 == 0 ? StreamName.STDERR : StreamName.STDOUT, piece);
    }

    List<Answer.Simple> read = read(0);

    Answer.Gap gap = (Answer.Gap) read.getFirst();
    assertThat(gap.from()).isEqualTo(1);
    Answer.Output first = (Answer.Output) read.get(1);
    assertThat(first.seq()).isEqualTo(gap.to() + 1);
    assertThat(read).hasSize((int) (200 - gap.to() + 1));
    ProcessInfo.Volume out = journal.volume(StreamName.STDOUT);
    ProcessInfo.Volume err = journal.volume(StreamName.STDERR);
    assertThat(out.bytes()).isEqualTo(1_800_000);
    assertThat(out.dropped() + err.dropped()).isEqualTo(gap.to() * 10_000);
    assertThat(journal.size()).isLessThanOrEqualTo(512 << 10);
  }

  @Test
  void aReaderThatWasOvertakenGoesOnBehindTheGap() throws Exception {
    Journal journal = journal(256 << 10);
    String piece = "x".repeat(10_000);
    append(journal, StreamName.STDOUT, piece);
    try (JournalReader reader = JournalReader.after(directory, 0)) {
      assertThat(reader.next()).isInstanceOf(Answer.Output.class);
      assertThat(reader.next()).isNull();
      for (int i = 0; i < 100; i++) {
        append(journal, StreamName.STDOUT, piece);
      }
      long expected = 2;
      for (Answer.Simple next = reader.next(); next != null; next = reader.next()) {
        long from = next instanceof Answer.Gap gap ? gap.from() : ((Answer.Output) next).seq();
        assertThat(from).isEqualTo(expected);
        expected = next instanceof Answer.Gap gap ? gap.to() + 1 : from + 1;
      }
      assertThat(expected).isEqualTo(102);
    }
  }

  @Test
  void findsAnOffsetOfOneStream() throws Exception {
    Journal journal = journal(0);
    for (int i = 0; i < 300; i++) {
      append(journal, StreamName.STDOUT, "o".repeat(50_000));
      append(journal, StreamName.STDERR, "e".repeat(10));
    }
    try (JournalReader reader = JournalReader.of(directory, StreamName.STDERR, 2_500)) {
      Answer.Output piece = (Answer.Output) Objects.requireNonNull(reader.next());
      assertThat(piece.stream()).isEqualTo(StreamName.STDERR);
      assertThat(piece.offset()).isLessThanOrEqualTo(2_500).isGreaterThan(1_500);
    }
  }

  @Test
  void goesOnAfterARestart() throws Exception {
    Journal before = journal(0);
    append(before, StreamName.STDOUT, "before");
    append(before, StreamName.STDERR, "crash");
    before.close();

    Journal after = Journal.resumed(directory, 0, CLOCK);
    append(after, StreamName.STDOUT, "after");

    assertThat(read(0)).hasSize(3).noneMatch(Answer.Gap.class::isInstance);
    assertThat(after.lastSeq()).isEqualTo(3);
    assertThat(after.volume(StreamName.STDOUT)).isEqualTo(new ProcessInfo.Volume(11, 0));
  }

  @Test
  void endsAtATornFrameAndRefusesADamagedOne() throws Exception {
    Journal journal = journal(0);
    append(journal, StreamName.STDOUT, "whole");
    append(journal, StreamName.STDOUT, "torn");
    journal.close();
    Path segment = JournalFormat.segments(directory).firstEntry().getValue();
    byte[] bytes = Files.readAllBytes(segment);

    Files.write(segment, Arrays.copyOf(bytes, bytes.length - 2));
    assertThat(read(0)).hasSize(1);

    bytes[JournalFormat.SEGMENT_HEADER + 25] = 0x7f;
    Files.write(segment, bytes);
    assertThatThrownBy(() -> read(0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged");

    Files.write(segment, new byte[100]);
    assertThatThrownBy(() -> read(0)).isInstanceOf(IOException.class);
    Files.write(segment, new byte[3]);
    assertThat(read(0)).isEmpty();
  }

  @Test
  void countsWhatADiskDoesNotTake() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    Journal journal = new Journal(file.resolve("below"), 0, CLOCK);

    append(journal, StreamName.STDOUT, "lost");

    assertThat(journal.volume(StreamName.STDOUT)).isEqualTo(new ProcessInfo.Volume(4, 4));
    assertThat(journal.lastSeq()).isEqualTo(1);
  }

  @Test
  void wakesThoseWhoWait() throws Exception {
    Journal journal = journal(0);
    CompletableFuture<Void> woken = new CompletableFuture<>();
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                journal.awaitAfter(0);
                journal.awaitAfter(1);
                woken.complete(null);
              } catch (InterruptedException e) {
                woken.completeExceptionally(e);
              }
            });
    append(journal, StreamName.STDOUT, "x");
    assertThat(woken).isNotDone();
    journal.finish();

    waiting.join();
    assertThat(woken).isCompleted();
  }

  private Journal journal(long bound) {
    return new Journal(directory, bound, CLOCK);
  }

  private static void append(Journal journal, StreamName stream, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocateDirect(JournalFormat.FRAME_HEADER + bytes.length);
    frame.position(JournalFormat.FRAME_HEADER);
    journal.append(stream, frame.put(bytes).flip());
  }

  private List<Answer.Simple> read(long after) throws IOException {
    List<Answer.Simple> all = new ArrayList<>();
    try (JournalReader reader = JournalReader.after(directory, after)) {
      for (Answer.Simple next = reader.next(); next != null; next = reader.next()) {
        all.add(next);
      }
    }
    return all;
  }
}
