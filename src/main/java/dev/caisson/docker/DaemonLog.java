package dev.caisson.docker;

import dev.caisson.lifecycle.DaemonListener;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.stereotype.Component;

/** The record, in log and meters, of what becomes of the Docker daemons. */
@Component
final class DaemonLog implements DaemonListener {
  private static final Logger log = LoggerFactory.getLogger(DaemonLog.class);

  private final Counter restarts;
  private final Timer ready;

  DaemonLog(MeterRegistry meters) {
    restarts =
        Counter.builder("caisson.docker.restarts")
            .description("Docker daemons started again without being asked")
            .register(meters);
    ready =
        Timer.builder("caisson.docker.ready")
            .description("Docker daemons, from their start to their first answer")
            .register(meters);
  }

  @Override
  public void changed(SandboxId sandbox, @Nullable DaemonStatus before, DaemonStatus now) {
    boolean started = now.pid() != 0 && (before == null || before.pid() != now.pid());
    if (before != null && now.restarts() > before.restarts()) {
      restarts.increment(now.restarts() - before.restarts());
    }
    if (started) {
      log.atInfo()
          .addKeyValue("sandbox", sandbox)
          .addKeyValue("pid", now.pid())
          .log("docker daemon process started");
    }
    if (before == null || before.state() != now.state() || started) {
      state(sandbox, before, now, started);
    }
  }

  private void state(
      SandboxId sandbox, @Nullable DaemonStatus before, DaemonStatus now, boolean started) {
    switch (now.state()) {
      case READY -> {
        if (before != null && before.state() == DaemonStatus.State.MUTE && !started) {
          log.atInfo().addKeyValue("sandbox", sandbox).log("docker daemon answers again");
          return;
        }
        ready.record(Duration.ofMillis(now.readyAfterMillis()));
        log.atInfo()
            .addKeyValue("sandbox", sandbox)
            .addKeyValue("after_ms", now.readyAfterMillis())
            .log("docker daemon is ready and accepting commands");
      }
      case MUTE ->
          log.atWarn()
              .addKeyValue("sandbox", sandbox)
              .addKeyValue("pid", now.pid())
              .log("docker daemon is alive but does not answer");
      case BACKING_OFF ->
          exit(log.atWarn().addKeyValue("sandbox", sandbox), now.lastExit())
              .addKeyValue("attempt", now.attempt())
              .addKeyValue("attempts", now.attempts())
              .log("docker daemon ended and will be started again");
      case FAILED, UNSUPPORTED ->
          exit(log.atWarn().addKeyValue("sandbox", sandbox), now.lastExit())
              .addKeyValue("reason", now.reason())
              .log(
                  now.state() == DaemonStatus.State.FAILED
                      ? "docker daemon has failed"
                      : "docker daemon cannot run in this sandbox");
      case STOPPED -> log.atInfo().addKeyValue("sandbox", sandbox).log("docker daemon is stopped");
      case STARTING, DISABLED -> {
        // The line that names the pid says it.
      }
    }
  }

  private static LoggingEventBuilder exit(
      LoggingEventBuilder line, ProcessInfo.@Nullable Exit exit) {
    return exit == null
        ? line
        : line.addKeyValue("exit_code", exit.code()).addKeyValue("cause", exit.cause());
  }
}
