package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.system.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The inner containers, as far as the end of the sandbox concerns them: they are stopped by the
 * Docker API, which is the only one that knows their stop signals.
 */
final class DaemonContainers {

  /** The pattern of an id in the listing; in a label or a name the quotes would be escaped. */
  private static final Pattern ID = Pattern.compile("\"Id\":\"([0-9a-f]{64})\"");

  private static final Pattern STOP_TIMEOUT = Pattern.compile("\"StopTimeout\":(\\d{1,9})");

  /** The engine's own stop timeout, in seconds, for a container that was given none. */
  private static final long USUAL_STOP_TIMEOUT = 10;

  private static final Duration LISTING = Duration.ofSeconds(2);

  private final DaemonLayout layout;
  private final Clock clock;

  DaemonContainers(DaemonLayout layout, Clock clock) {
    this.layout = layout;
    this.clock = clock;
  }

  /**
   * Stops all at once: each gets its own stop signal, then its own stop time or what is left of the
   * grace, then KILL; returns when all have ended or the time is over.
   */
  void stop(Duration grace) {
    Instant deadline = clock.instant().plus(grace);
    List<ProbeCall> calls = new ArrayList<>();
    try {
      // A second less, so that the KILL and its answer fit in.
      long seconds = Math.max(0, grace.toSeconds() - 1);
      for (String id : running()) {
        long own = Math.min(seconds, stopTimeout(id));
        calls.add(
            ProbeCall.send(layout.dockerSocket(), "POST", "/containers/" + id + "/stop?t=" + own));
      }
      for (ProbeCall call : calls) {
        call.answer(clock, deadline);
      }
    } catch (IOException e) {
      // The end of the sandbox's own container ends them in any case.
      Log.warn("inner containers not stopped in time", "error", e);
    } finally {
      for (ProbeCall call : calls) {
        call.close();
      }
    }
  }

  private long stopTimeout(String id) {
    try {
      Matcher found = STOP_TIMEOUT.matcher(get("/containers/" + id + "/json"));
      return found.find() ? Long.parseLong(found.group(1)) : USUAL_STOP_TIMEOUT;
    } catch (IOException e) {
      Log.debug("the stop time of an inner container is not known", "id", id, "error", e);
      return USUAL_STOP_TIMEOUT;
    }
  }

  private List<String> running() throws IOException {
    return ID.matcher(get("/containers/json")).results().map(found -> found.group(1)).toList();
  }

  private String get(String path) throws IOException {
    try (ProbeCall call = ProbeCall.send(layout.dockerSocket(), "GET", path)) {
      byte[] answer = call.answer(clock, clock.instant().plus(LISTING));
      return new String(answer, StandardCharsets.ISO_8859_1);
    }
  }
}
