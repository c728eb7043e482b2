package dev.caisson.supervisor;

import dev.caisson.supervisor.journal.JournalReader;
import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.peer.Peer;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.util.Arrays;

/**
 * The sender of journals to a peer: a reader of its own for each, waiting for the journal alone.
 */
final class OutputStreams {
  private OutputStreams() {}

  /** Sends both streams in their order; what ended the process comes last. */
  static void follow(Peer peer, Source source, Request.Follow request)
      throws IOException, InterruptedException {
    long told = Math.max(0, request.after());
    boolean ended;
    try (JournalReader reader = JournalReader.after(source.directory(), told)) {
      while (true) {
        ended = source.ended();
        long seen = source.lastSeq();
        boolean last = ended || !request.follow();
        // The last look ends where the journal stood: whoever goes on writing is not run after.
        while (!last || told < seen) {
          Answer.Simple next = reader.next();
          if (next == null) {
            break;
          }
          told = next instanceof Answer.Output piece ? piece.seq() : told;
          peer.send(next);
        }
        if (last) {
          break;
        }
        source.awaitAfter(seen);
      }
    }
    ProcessInfo process = source.process();
    if (ended && process != null) {
      peer.send(new Answer.Finished(process, null, null));
    }
  }

  /** Sends the bytes of one stream. */
  static void read(Peer peer, Source source, Request.Read request)
      throws IOException, InterruptedException {
    long position = Math.max(0, request.offset());
    long end = request.length() < 0 ? Long.MAX_VALUE : position + request.length();
    end = end < 0 ? Long.MAX_VALUE : end;
    long told = 0;
    try (JournalReader reader = JournalReader.of(source.directory(), request.stream(), position)) {
      while (position < end) {
        boolean last = source.ended() || !request.follow();
        long seen = source.lastSeq();
        while (position < end
            && (!last || told < seen)
            && reader.next() instanceof Answer.Output piece) {
          told = piece.seq();
          position = send(peer, piece, position, end);
        }
        if (last) {
          break;
        }
        source.awaitAfter(seen);
      }
    }
  }

  /** Sends what is wanted of a piece; returns where to go on. */
  private static long send(Peer peer, Answer.Output piece, long from, long end) throws IOException {
    byte[] bytes = piece.bytes();
    long start = Math.max(from, piece.offset());
    long stop = Math.min(end, piece.offset() + bytes.length);
    if (start >= stop) {
      return Math.max(from, Math.min(end, piece.offset()));
    }
    boolean whole = stop - start == bytes.length;
    byte[] part =
        whole
            ? bytes
            : Arrays.copyOfRange(
                bytes, (int) (start - piece.offset()), (int) (stop - piece.offset()));
    peer.send(new Answer.Bytes(start, part));
    return stop;
  }
}
