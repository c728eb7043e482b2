package dev.caisson.process;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process's journal in memory; it can be written, dropped from its beginning, and ended. */
public final class FakeJournal {
  private final long pid;
  private final List<Answer.Output> pieces = new ArrayList<>();
  private final List<FakeAnswers<Answer>> followers = new ArrayList<>();
  private final List<FakeAnswers<Answer.Bytes>> readers = new ArrayList<>();
  private final long[] written = new long[2];
  private final long[] dropped = new long[2];
  private long seq;
  private ProcessInfo.@Nullable Exit exit;
  private boolean background = true;

  FakeJournal(String key) {
    pid = key.matches("\\d+") ? Long.parseLong(key) : 0;
  }

  /** Writes text. */
  public FakeJournal write(StreamName stream, String text) {
    return write(stream, text.getBytes(StandardCharsets.UTF_8));
  }

  synchronized FakeJournal write(StreamName stream, byte[] bytes) {
    int index = stream == StreamName.STDOUT ? 0 : 1;
    Answer.Output piece = new Answer.Output(++seq, seq * 1000, stream, written[index], bytes);
    pieces.add(piece);
    written[index] += bytes.length;
    followers.forEach(follower -> follower.add(piece));
    if (stream == StreamName.STDOUT) {
      readers.forEach(reader -> reader.add(new Answer.Bytes(piece.offset(), bytes)));
    }
    return this;
  }

  /** Drops pieces from the beginning. */
  synchronized FakeJournal drop(int count) {
    for (int i = 0; i < count; i++) {
      Answer.Output first = pieces.removeFirst();
      dropped[first.stream() == StreamName.STDOUT ? 0 : 1] += first.bytes().length;
    }
    return this;
  }

  /** The process ends. */
  public synchronized FakeJournal exit(int code) {
    exit = new ProcessInfo.Exit(code, null, ProcessInfo.Cause.EXITED, 9_000_000);
    followers.forEach(follower -> {
      follower.add(new Answer.Finished(process(), null, null));
      follower.over();
    });
    readers.forEach(FakeAnswers::over);
    notifyAll();
    return this;
  }

  /** The link to its supervisor breaks under those who follow it. */
  synchronized void lose() {
    RuntimeException lost = new SupervisorException.Lost(SandboxId.random(), "broken", null);
    followers.forEach(follower -> follower.add(lost));
    readers.forEach(reader -> reader.add(lost));
  }

  synchronized boolean isRead() {
    return !followers.isEmpty() || !readers.isEmpty();
  }

  /** Has the process as one that its caller waits for. */
  synchronized FakeJournal inForeground() {
    background = false;
    return this;
  }

  synchronized ProcessInfo process() {
    return ProcessInfo.builder(pid, List.of("docker", "pull", "nginx:latest"))
        .cwd("/workspace")
        .background(background)
        .startedAt(1_000_000 + pid)
        .exit(exit)
        .stdout(new ProcessInfo.Volume(written[0], dropped[0]))
        .stderr(new ProcessInfo.Volume(written[1], dropped[1]))
        .build();
  }

  synchronized Answer.Finished await(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    try {
      while (exit == null && end - System.nanoTime() > 1_000_000) {
        wait((end - System.nanoTime()) / 1_000_000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Answer.Finished(process(), bytes(StreamName.STDOUT), bytes(StreamName.STDERR));
  }

  synchronized FakeAnswers<Answer> follow(Request.Follow request) {
    FakeAnswers<Answer> answers = new FakeAnswers<>();
    long first = pieces.isEmpty() ? seq + 1 : pieces.getFirst().seq();
    if (request.after() + 1 < first) {
      answers.add(new Answer.Gap(request.after() + 1, first - 1));
    }
    pieces.stream().filter(piece -> piece.seq() > request.after()).forEach(answers::add);
    if (exit != null) {
      answers.add(new Answer.Finished(process(), null, null));
    }
    if (exit != null || !request.follow()) {
      answers.over();
    } else {
      followers.add(answers);
    }
    return answers;
  }

  synchronized FakeAnswers<Answer.Bytes> read(Request.Read request) {
    FakeAnswers<Answer.Bytes> answers = new FakeAnswers<>();
    long end = request.length() < 0 ? Long.MAX_VALUE : request.offset() + request.length();
    for (Answer.Output piece : pieces) {
      long start = Math.max(request.offset(), piece.offset());
      long stop = Math.min(end, piece.offset() + piece.bytes().length);
      if (piece.stream() == request.stream() && start < stop) {
        answers.add(
            new Answer.Bytes(
                start,
                Arrays.copyOfRange(
                    piece.bytes(), (int) (start - piece.offset()), (int) (stop - piece.offset()))));
      }
    }
    if (exit != null || !request.follow()) {
      answers.over();
    } else {
      readers.add(answers);
    }
    return answers;
  }

  private byte[] bytes(StreamName stream) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    pieces.stream()
        .filter(piece -> piece.stream() == stream)
        .forEach(piece -> bytes.writeBytes(piece.bytes()));
    return bytes.toByteArray();
  }
}
