package dev.caisson.supervisor.process;

import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.wire.ProcessInfo.Readiness.State;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A probe that finds out whether a process does what it was started for: all that was said must
 * hold.
 */
final class ReadinessProbe {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The pause before a port is asked again, since nothing tells when it begins to accept. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final int HIGHEST_PORT = 65_535;

  private final RunningProcess live;
  private final Request.Readiness wanted;
  private final Deadline deadline;

  ReadinessProbe(RunningProcess live, Request.Readiness wanted) {
    this.live = live;
    this.wanted = wanted;
    long timeout = wanted.timeoutMillis() > 0 ? wanted.timeoutMillis() : TIMEOUT.toMillis();
    this.deadline = Deadline.in(timeout);
  }

  /** Refuses what can never be found out. */
  static void check(Request.@Nullable Readiness wanted) throws RefusedException {
    if (wanted == null) {
      return;
    }
    if (wanted.port() < 0 || wanted.port() > HIGHEST_PORT) {
      throw new RefusedException(RefusalCode.EINVAL, "there is no port " + wanted.port());
    }
    String path = wanted.http();
    if (path != null && (wanted.port() == 0 || !path.matches("/[!-~]*"))) {
      throw new RefusedException(
          RefusalCode.EINVAL,
          "readiness by HTTP needs a port, and a path that begins with a slash");
    }
    try {
      if (wanted.output() != null) {
        OutputSearch.pattern(wanted.output());
      }
    } catch (PatternSyntaxException e) {
      throw new RefusedException(RefusalCode.EINVAL, "readiness by output: " + e.getDescription());
    }
  }

  /** Returns when it is decided; the end of the process decides it, too. */
  void run() throws InterruptedException {
    String failure;
    try {
      failure = failure();
    } catch (IOException | IllegalStateException e) {
      failure = String.valueOf(e.getMessage());
    }
    // A process that has ended meanwhile has decided it, and what is said here is not heard.
    live.decide(failure == null ? State.READY : State.FAILED, failure);
  }

  private @Nullable String failure() throws IOException, InterruptedException {
    if (wanted.delayMillis() > 0) {
      live.pending("its delay is not over");
      live.child().await(Math.min(wanted.delayMillis(), deadline.left()));
      if (wanted.delayMillis() > 0 && deadline.left() == 0) {
        return "its delay was not over in time";
      }
    }
    String output = wanted.output();
    if (output != null) {
      live.pending("its output does not match yet");
      Pattern pattern = OutputSearch.pattern(output);
      if (!new OutputSearch(pattern).found(live, deadline)) {
        return "its output did not match in time";
      }
    }
    return wanted.port() == 0 ? null : failureOfPort();
  }

  private @Nullable String failureOfPort() throws InterruptedException {
    PortProbe probe = new PortProbe(wanted.port(), wanted.http());
    while (true) {
      String failure = probe.look();
      if (failure == null || deadline.left() == 0) {
        return failure;
      }
      live.pending(failure);
      if (live.child().await(Math.min(PAUSE.toMillis(), deadline.left())) != null) {
        return failure;
      }
    }
  }
}
