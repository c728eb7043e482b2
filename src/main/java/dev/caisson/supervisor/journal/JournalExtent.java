package dev.caisson.supervisor.journal;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.StreamName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import org.springframework.modulith.NamedInterface;

/**
 * The extent of a journal, measured on disk: the record of a process that never saw its end says
 * how much it was at some time before.
 *
 * @param lastAt when the last piece was written, microseconds since the epoch
 */
@NamedInterface("journal")
public record JournalExtent(ProcessInfo.Volume stdout, ProcessInfo.Volume stderr, long lastAt) {

  /**
   * Measures the journal in this directory; null where there is none.
   *
   * @throws IOException if it cannot be read, or is not one
   */
  public static @Nullable JournalExtent of(Path directory) throws IOException {
    NavigableMap<Long, Path> segments = JournalFormat.segments(directory);
    JournalFormat.SegmentHeader first = segments.isEmpty() ? null : header(segments.firstEntry());
    JournalFormat.SegmentHeader last = segments.isEmpty() ? null : header(segments.lastEntry());
    if (first == null || last == null) {
      return null;
    }
    long[] ends = {last.stdoutOffset(), last.stderrOffset()};
    long at = last.createdAt();
    try (JournalReader reader = JournalReader.after(directory, segments.lastKey() - 1)) {
      for (Answer.Simple found = reader.next(); found != null; found = reader.next()) {
        if (found instanceof Answer.Output piece) {
          ends[JournalFormat.number(piece.stream())] = piece.offset() + piece.bytes().length;
          at = piece.at();
        }
      }
    }
    return new JournalExtent(
        volume(first, StreamName.STDOUT, ends), volume(first, StreamName.STDERR, ends), at);
  }

  private static JournalFormat.@Nullable SegmentHeader header(Map.Entry<Long, Path> segment)
      throws IOException {
    try (FileChannel file = FileChannel.open(segment.getValue(), StandardOpenOption.READ)) {
      return JournalReader.header(file);
    }
  }

  private static ProcessInfo.Volume volume(
      JournalFormat.SegmentHeader first, StreamName stream, long[] ends) {
    long end = ends[JournalFormat.number(stream)];
    return new ProcessInfo.Volume(end, Math.clamp(first.offset(stream), 0, Math.max(0, end)));
  }
}
