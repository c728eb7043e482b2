package dev.caisson.process;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.streams.EventStream;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.StreamName;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One reader's way through a journal: turns the supervisor's answers into events.
 *
 * <p>The event of a piece carries the characters that the piece completes, so it depends on the
 * bytes before it. A reader that resumes gets the same events as one that never stopped: the last
 * bytes before its first piece are read again, not sent again.
 */
final class OutputReading {
  private final Processes processes;
  private final SandboxId sandbox;
  private final String journal;
  private final OutputPosition start;
  private final boolean exact;
  private final EventStream events;
  private final Map<StreamName, Utf8Glue> glues = new EnumMap<>(StreamName.class);
  private final Map<StreamName, Long> sent = new EnumMap<>(StreamName.class);
  private OutputPosition position;

  OutputReading(
      Processes processes,
      SandboxId sandbox,
      String journal,
      OutputPosition start,
      boolean exact,
      EventStream events) {
    this.processes = processes;
    this.sandbox = sandbox;
    this.journal = journal;
    this.start = start;
    this.exact = exact;
    this.events = events;
    position = start;
  }

  /** Reads to the end of the answers; the last event says whether the process has ended. */
  void read(Answers<Answer> answers) throws IOException {
    for (Answer answer = answers.next(); answer != null; answer = answers.next()) {
      switch (answer) {
        case Answer.Output output -> piece(output);
        case Answer.Gap gap -> {
          position = new OutputPosition(gap.to(), 0);
          send("gap", new OutputEvent.Gap(gap.from(), gap.to()));
        }
        case Answer.Finished finished -> {
          exit(finished.process());
          return;
        }
        default -> {
          // A newer supervisor may say more.
        }
      }
    }
    if (!events.ended()) {
      events.send(null, "end", new OutputEvent.End(position.toString()));
    }
  }

  /** Returns how many bytes of this stream were sent. */
  long sent(StreamName stream) {
    return sent.getOrDefault(stream, 0L);
  }

  private void piece(Answer.Output output) throws IOException {
    position = new OutputPosition(output.seq(), 0);
    byte[] bytes = output.bytes();
    sent.merge(output.stream(), (long) bytes.length, Long::sum);
    String text =
        exact ? null : glue(output.stream(), output.offset()).take(output.offset(), bytes);
    String base64 = exact ? Base64.getEncoder().encodeToString(bytes) : null;
    send("output", event(output.at(), output.stream(), text, base64));
  }

  private void exit(ProcessInfo process) throws IOException {
    ProcessInfo.Exit exit = process.exit();
    long at = exit == null ? process.startedAt() : exit.at();
    if (!exact) {
      end(1, StreamName.STDOUT, process.stdout(), at);
      end(2, StreamName.STDERR, process.stderr(), at);
    }
    events.send(null, "exit", ProcessAnswer.from(process));
  }

  private void end(int number, StreamName stream, ProcessInfo.Volume volume, long at)
      throws IOException {
    String rest = glue(stream, volume.bytes()).end();
    if (!rest.isEmpty() && number > start.ends()) {
      position = new OutputPosition(position.seq(), number);
      send("output", event(at, stream, rest, null));
    }
  }

  private OutputEvent.Piece event(
      long at, StreamName stream, @Nullable String text, @Nullable String base64) {
    return new OutputEvent.Piece(
        position.seq(), ProcessAnswer.instant(at), ProcessRecord.name(stream), text, base64);
  }

  private void send(String event, OutputEvent data) throws IOException {
    events.send(position.toString(), event, data);
  }

  /**
   * Returns the decoder of a stream; that of a resumed stream is primed with the bytes before this
   * offset.
   */
  private Utf8Glue glue(StreamName stream, long offset) {
    return glues.computeIfAbsent(
        stream,
        _ -> {
          Utf8Glue glue = new Utf8Glue();
          if (start.seq() > 0) {
            glue.prime(before(stream, offset), offset);
          }
          return glue;
        });
  }

  private byte[] before(StreamName stream, long offset) {
    long from = Math.max(0, offset - Utf8Glue.MOST_HELD);
    byte[] found = {};
    long at = from;
    if (from == offset) {
      return found;
    }
    try (Answers<Answer.Bytes> answers =
        processes.read(sandbox, journal, stream, from, offset - from, false)) {
      for (Answer.Bytes piece = answers.next(); piece != null; piece = answers.next()) {
        // Where bytes were dropped the offset jumps: only what is right before it then counts.
        byte[] before = piece.offset() == at ? found : new byte[0];
        found = join(before, piece.bytes(), offset - piece.offset());
        at = piece.offset() + piece.bytes().length;
      }
    }
    return found;
  }

  private static byte[] join(byte[] first, byte[] second, long most) {
    int length = Math.clamp(most, 0, second.length);
    byte[] both = Arrays.copyOf(first, first.length + length);
    System.arraycopy(second, 0, both, first.length, length);
    return both;
  }
}
