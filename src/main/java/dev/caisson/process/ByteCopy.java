package dev.caisson.process;

import dev.caisson.sandbox.Answers;
import dev.caisson.streams.ByteRange;
import dev.caisson.supervisor.wire.Answer;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The bytes of one stream on their way to a client. */
final class ByteCopy {
  private final Answers<Answer.Bytes> answers;
  private final ByteRange part;
  private final boolean live;
  private long at;

  /**
   * Creates a copy of this part from these answers.
   *
   * @param live whether each piece is to reach the client at once
   */
  ByteCopy(Answers<Answer.Bytes> answers, ByteRange part, boolean live) {
    this.answers = answers;
    this.part = part;
    this.live = live;
    at = part.start();
  }

  /**
   * Copies until the answers or the part are over.
   *
   * @param first the piece that was read already, or null
   * @return whether nothing is missing
   */
  boolean to(OutputStream out, Answer.@Nullable Bytes first) throws IOException {
    Answer.Bytes piece = first == null ? answers.next() : first;
    while (piece != null && at < part.end()) {
      if (piece.offset() != at) {
        // Dropped meanwhile: going on would join what does not belong together.
        return false;
      }
      int length = (int) Math.min(piece.bytes().length, part.end() - at);
      out.write(piece.bytes(), 0, length);
      at += length;
      if (live) {
        out.flush();
      }
      piece = at < part.end() ? answers.next() : null;
    }
    return at == part.end() || part.isOpen();
  }

  long copied() {
    return at - part.start();
  }
}
