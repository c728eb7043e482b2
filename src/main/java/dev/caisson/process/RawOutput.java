package dev.caisson.process;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.streams.ByteRange;
import dev.caisson.streams.CutOff;
import dev.caisson.streams.RequestedRange;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.StreamName;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * The writer of one stream's raw bytes into a response. Offsets count from the first byte ever
 * written, so they stay right while the journal's bound drops old ones; {@code Caisson-Offset}
 * names the offset at which an answer begins.
 */
@Component
final class RawOutput {
  static final String OFFSET = "Caisson-Offset";
  private static final Logger log = LoggerFactory.getLogger(RawOutput.class);

  private final Processes processes;
  private final Streams streams;
  private final ProcessRecord record;

  RawOutput(Processes processes, Streams streams, ProcessRecord record) {
    this.processes = processes;
    this.streams = streams;
    this.record = record;
  }

  /** The wanted stream, with its request and response. */
  record Wanted(
      SandboxId sandbox,
      long pid,
      StreamName stream,
      HttpServletRequest request,
      HttpServletResponse response) {
    String journal() {
      return Long.toString(pid);
    }

    ProcessInfo.Volume volume(Processes processes) {
      ProcessInfo process = processes.get(sandbox, pid);
      return stream == StreamName.STDOUT ? process.stdout() : process.stderr();
    }
  }

  /**
   * Writes what is there now, or the part of it that {@code Range} asks for.
   *
   * @throws ProcessException.NoSuchRange if nothing of that part is there
   */
  void send(Wanted wanted) {
    ProcessInfo.Volume volume = wanted.volume(processes);
    ByteRange range = range(wanted, volume);
    ByteRange part = range == null ? new ByteRange(volume.dropped(), volume.bytes()) : range;
    if (part.length() <= 0 || wanted.request().getMethod().equals("HEAD")) {
      begin(wanted, part, range != null, volume);
      return;
    }
    try (Answers<Answer.Bytes> answers =
            processes.read(
                wanted.sandbox(),
                wanted.journal(),
                wanted.stream(),
                part.start(),
                part.length(),
                false);
        Streams.Handle handle = streams.open(answers::close)) {
      Answer.Bytes first = answers.next();
      // The bound may have dropped more of it since.
      ByteRange there = new ByteRange(first == null ? part.end() : first.offset(), part.end());
      if (there.length() <= 0 && range == null) {
        throw new SupervisorException.Refused(
            wanted.sandbox(),
            RefusalCode.OUTPUT_LOST,
            "The output of this stream is no longer kept");
      }
      if (there.length() <= 0) {
        throw new ProcessException.NoSuchRange(volume.bytes(), part.end());
      }
      begin(wanted, there, range != null, volume);
      deliver(wanted, new ByteCopy(answers, there, false), first, handle);
    }
  }

  /** Writes the stream from this offset on, and what is still to come, until the process ends. */
  void follow(Wanted wanted, long offset) {
    ProcessInfo.Volume volume = wanted.volume(processes);
    long start = Math.max(offset, volume.dropped());
    try (Answers<Answer.Bytes> answers =
            processes.read(wanted.sandbox(), wanted.journal(), wanted.stream(), start, -1, true);
        Streams.Handle handle = streams.open(answers::close)) {
      Answer.Bytes first = start < volume.bytes() ? answers.next() : null;
      ByteRange open = ByteRange.from(first == null ? start : first.offset());
      Headers.plain(wanted.request(), wanted.response());
      wanted.response().setHeader(HttpHeaders.ACCEPT_RANGES, "none");
      wanted.response().setHeader(OFFSET, Long.toString(open.start()));
      deliver(wanted, new ByteCopy(answers, open, true), first, handle);
    }
  }

  private static @Nullable ByteRange range(Wanted wanted, ProcessInfo.Volume volume) {
    RequestedRange asked = RequestedRange.of(wanted.request());
    if (asked == null) {
      return null;
    }
    ByteRange there = asked.in(volume.dropped(), volume.bytes());
    if (there.length() <= 0) {
      throw new ProcessException.NoSuchRange(volume.bytes(), volume.dropped());
    }
    return there;
  }

  private static void begin(
      Wanted wanted, ByteRange part, boolean partial, ProcessInfo.Volume volume) {
    HttpServletResponse response = wanted.response();
    Headers.plain(wanted.request(), response);
    response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
    response.setHeader(OFFSET, Long.toString(part.start()));
    response.setContentLengthLong(part.length());
    if (partial) {
      part.announce(response, volume.bytes());
    }
  }

  private void deliver(
      Wanted wanted, ByteCopy copy, Answer.@Nullable Bytes first, Streams.Handle handle) {
    HttpServletResponse response = wanted.response();
    try {
      response.flushBuffer();
      boolean whole = copy.to(response.getOutputStream(), first);
      if (!whole || handle.ended()) {
        response.flushBuffer();
        CutOff.mark(wanted.request());
      }
    } catch (RuntimeException e) {
      // The answer has begun: it is too late for a problem document.
      log.atDebug()
          .addKeyValue("sandbox", wanted.sandbox())
          .addKeyValue("pid", wanted.pid())
          .addKeyValue("error", e.getMessage())
          .log("stream broke");
      CutOff.mark(wanted.request());
    } catch (IOException e) {
      log.atTrace().addKeyValue("sandbox", wanted.sandbox()).log("client of a stream is gone");
    } finally {
      record.read(wanted.sandbox(), wanted.journal(), wanted.stream(), copy.copied());
    }
  }
}
