package dev.caisson.process;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.StreamName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The record, in log and meters, of what happens with processes. */
@Component
final class ProcessRecord {
  /** The most characters of a command line in the log; a command line can be two megabytes long. */
  private static final int LOGGED_CHARACTERS = 1000;

  private static final Logger log = LoggerFactory.getLogger(ProcessRecord.class);

  private final MeterRegistry meters;
  private final Counter started;
  private final Counter stdout;
  private final Counter stderr;

  ProcessRecord(MeterRegistry meters) {
    this.meters = meters;
    started =
        Counter.builder("caisson.process.started")
            .description("Processes started for callers")
            .register(meters);
    stdout = output(meters, StreamName.STDOUT);
    stderr = output(meters, StreamName.STDERR);
  }

  private static Counter output(MeterRegistry meters, StreamName stream) {
    return Counter.builder("caisson.process.output")
        .description("Bytes of process output handed to callers")
        .baseUnit("bytes")
        .tag("stream", name(stream))
        .register(meters);
  }

  /** Returns the stream's name in paths, events and meters. */
  static String name(StreamName stream) {
    return stream.name().toLowerCase(Locale.ROOT);
  }

  void started(SandboxId id, ProcessInfo process) {
    started.increment();
    log.atDebug()
        .addKeyValue("sandbox", id)
        .addKeyValue("pid", process.pid())
        .addKeyValue("cmd", () -> line(process.command()))
        .log("sandbox process started");
  }

  Timer.Sample startTiming() {
    return Timer.start(meters);
  }

  void finished(SandboxId id, Answer.Finished finished, Timer.Sample sample) {
    ProcessInfo.Exit exit = finished.process().exit();
    sample.stop(
        Timer.builder("caisson.process.exec")
            .description("Foreground processes, from the call to their end")
            .tag("cause", exit == null ? "NONE" : exit.cause().name())
            .register(meters));
    read(id, finished);
  }

  /** Records that the text in an answer was read. */
  void read(SandboxId id, Answer.Finished finished) {
    String pid = Long.toString(finished.process().pid());
    read(id, pid, StreamName.STDOUT, length(finished.stdout()));
    read(id, pid, StreamName.STDERR, length(finished.stderr()));
  }

  /** Records that this many bytes of a stream were handed out. */
  void read(SandboxId id, String process, StreamName stream, long bytes) {
    (stream == StreamName.STDOUT ? stdout : stderr).increment((double) bytes);
    log.atDebug()
        .addKeyValue("sandbox", id)
        .addKeyValue("pid", process)
        .addKeyValue(name(stream) + "_len", bytes)
        .log("read " + name(stream));
  }

  private static long length(byte @Nullable [] text) {
    return text == null ? 0 : text.length;
  }

  /**
   * Puts a command on one line, whatever the arguments hold: a forged line break must not make a
   * log line.
   */
  private static String line(List<String> command) {
    String line = String.join(" ", command);
    String shown =
        line.length() > LOGGED_CHARACTERS ? line.substring(0, LOGGED_CHARACTERS) + "…" : line;
    return "[" + shown.replaceAll("\\p{Cntrl}", "?") + "]";
  }
}
