package dev.caisson.supervisor.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.StreamName;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal measured on disk says what its writer says. */
class JournalExtentTest {
  @TempDir Path directory;

  @Test
  void whatWasWrittenAndWhatWasDroppedIsMeasured() throws Exception {
    Journal journal = new Journal(directory, 256 << 10, Clock.systemUTC());
    append(journal, StreamName.STDERR, 10);
    for (int i = 0; i < 100; i++) {
      append(journal, StreamName.STDOUT, 10_000);
    }
    JournalExtent extent = Objects.requireNonNull(JournalExtent.of(directory));
    assertThat(extent.stdout()).isEqualTo(journal.volume(StreamName.STDOUT));
    assertThat(extent.stderr()).isEqualTo(journal.volume(StreamName.STDERR));
    assertThat(extent.stdout().bytes()).isEqualTo(1_000_000);
    assertThat(extent.stdout().dropped()).isPositive();
    assertThat(extent.stderr().dropped()).isEqualTo(10);
  }

  @Test
  void whereThereIsNoneThereIsNothingToMeasure() throws Exception {
    assertThat(JournalExtent.of(directory)).isNull();
    assertThat(JournalExtent.of(directory.resolve("none"))).isNull();
  }

  private static void append(Journal journal, StreamName stream, int length) {
    ByteBuffer frame = ByteBuffer.allocate(JournalFormat.FRAME_HEADER + length);
    journal.append(stream, frame);
  }
}
