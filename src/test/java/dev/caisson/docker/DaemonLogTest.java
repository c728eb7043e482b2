package dev.caisson.docker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The lines an operator reads, in the words and the order of fields that are documented. */
class DaemonLogTest {
  private static final SandboxId ID = new SandboxId("sb-7f3k9q2m");

  private final Logger logger = (Logger) LoggerFactory.getLogger(DaemonLog.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final DaemonLog log = new DaemonLog(meters);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
  }

  @Test
  void aStartIsTheProcessAndThenItsReadiness() {
    change(null, status(DaemonStatus.State.STARTING, 12, 0));
    change(status(DaemonStatus.State.STARTING, 12, 0), status(DaemonStatus.State.READY, 12, 0));

    assertThat(said())
        .containsExactly(
            "INFO docker daemon process started sandbox=\"sb-7f3k9q2m\" pid=\"12\"",
            "INFO docker daemon is ready and accepting commands sandbox=\"sb-7f3k9q2m\""
                + " after_ms=\"400\"");
    assertThat(meters.get("caisson.docker.ready").timer().count()).isOne();
  }

  @Test
  void aCrashIsItsExitThenANewProcess() {
    change(status(DaemonStatus.State.READY, 12, 0), status(DaemonStatus.State.BACKING_OFF, 0, 0));
    change(
        status(DaemonStatus.State.BACKING_OFF, 0, 0), status(DaemonStatus.State.STARTING, 99, 1));

    assertThat(said())
        .containsExactly(
            "WARN docker daemon ended and will be started again sandbox=\"sb-7f3k9q2m\""
                + " exit_code=\"137\" cause=\"SIGNALED\" attempt=\"1\" attempts=\"5\"",
            "INFO docker daemon process started sandbox=\"sb-7f3k9q2m\" pid=\"99\"");
    assertThat(meters.get("caisson.docker.restarts").counter().count()).isOne();
  }

  @Test
  void slowAndCrashedReadDifferently() {
    change(status(DaemonStatus.State.READY, 12, 0), status(DaemonStatus.State.MUTE, 12, 0));
    change(status(DaemonStatus.State.MUTE, 12, 0), status(DaemonStatus.State.READY, 12, 0));

    assertThat(said())
        .containsExactly(
            "WARN docker daemon is alive but does not answer sandbox=\"sb-7f3k9q2m\" pid=\"12\"",
            "INFO docker daemon answers again sandbox=\"sb-7f3k9q2m\"");
  }

  @Test
  void anUnchangedStateIsNotSaidAgain() {
    change(status(DaemonStatus.State.READY, 12, 0), status(DaemonStatus.State.READY, 12, 0));

    assertThat(said()).isEmpty();
  }

  private void change(@Nullable DaemonStatus before, DaemonStatus now) {
    log.changed(ID, before, now);
  }

  private List<String> said() {
    return lines.list.stream()
        .map(line ->
            line.getLevel()
                + " "
                + line.getFormattedMessage()
                + (line.getKeyValuePairs() == null ? "" : pairs(line)))
        .toList();
  }

  private static String pairs(ILoggingEvent line) {
    StringBuilder pairs = new StringBuilder();
    line.getKeyValuePairs()
        .forEach(pair ->
            pairs.append(' ').append(pair.key).append("=\"").append(pair.value).append('"'));
    return pairs.toString();
  }

  private static DaemonStatus status(DaemonStatus.State state, long pid, int restarts) {
    return DaemonStatus.builder(state, true, 1)
        .pid(pid)
        .version("26")
        .storageDriver("overlay2")
        .readyAfterMillis(400)
        .restarts(restarts)
        .attempt(1)
        .attempts(5)
        .lastExit(new ProcessInfo.Exit(137, "KILL", ProcessInfo.Cause.SIGNALED, 1))
        .build();
  }
}
