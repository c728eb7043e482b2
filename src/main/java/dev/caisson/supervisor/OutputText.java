package dev.caisson.supervisor;

import dev.caisson.supervisor.journal.JournalReader;
import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.StreamName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** The first bytes of both streams that are kept, as an answer carries them. */
final class OutputText {
  /** The most bytes of one stream, so that both fit a frame and the heap. */
  static final int LONGEST = 2 << 20;

  private OutputText() {}

  static Answer.Finished finished(Source source, ProcessInfo process, int textBytes)
      throws IOException {
    int limit = Math.clamp(textBytes, 0, LONGEST);
    if (limit == 0) {
      return new Answer.Finished(process, null, null);
    }
    return new Answer.Finished(
        process,
        first(source, StreamName.STDOUT, process.stdout(), limit),
        first(source, StreamName.STDERR, process.stderr(), limit));
  }

  private static byte[] first(
      Source source, StreamName stream, ProcessInfo.Volume volume, int limit) throws IOException {
    int wanted = (int) Math.min(limit, volume.bytes() - volume.dropped());
    if (wanted <= 0) {
      return new byte[0];
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream(wanted);
    try (JournalReader reader = JournalReader.of(source.directory(), stream, volume.dropped())) {
      while (text.size() < wanted && reader.next() instanceof Answer.Output piece) {
        text.write(piece.bytes(), 0, Math.min(piece.bytes().length, wanted - text.size()));
      }
    }
    return text.toByteArray();
  }
}
