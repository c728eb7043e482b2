package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.setup.ProbePause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The probe that asks the daemons on their sockets.
 *
 * <p>dockerd listens within 100 ms of its start and takes up connections only when it is ready
 * (Docker 26.1.5), so one open request tells the very moment; what is tried again in small steps is
 * the connection alone, while there is no socket that could tell.
 */
final class Probe {

  private static final Duration STEP = Duration.ofMillis(3);
  private static final Duration RECONNECT_STEP = Duration.ofMillis(50);

  private final DaemonLayout layout;
  private final Clock clock;
  private final ProbePause pause;

  private final Consumer<String> failures;
  private String lastFailure = "";

  /** Creates a probe that reports failures, each kind of them once in a row. */
  Probe(DaemonLayout layout, Clock clock, ProbePause pause, Consumer<String> failures) {
    this.layout = layout;
    this.clock = clock;
    this.pause = pause;
    this.failures = failures;
  }

  /**
   * Asks the daemons: returns the version dockerd answers with, or nothing when the question's
   * patience is over or the answer is not wanted any more.
   */
  Optional<String> ask(ProbeQuestion question, BooleanSupplier wanted) throws InterruptedException {
    Instant deadline = clock.instant().plus(question.patience());
    return switch (question) {
      case ALIVE -> ping(deadline);
      case START -> until(deadline, wanted, STEP, () -> ping(deadline));
      case RECONNECT -> until(deadline, wanted, RECONNECT_STEP, () -> reconnected(deadline));
    };
  }

  private Optional<String> until(
      Instant deadline, BooleanSupplier wanted, Duration step, Attempt attempt)
      throws InterruptedException {
    while (wanted.getAsBoolean() && clock.instant().isBefore(deadline)) {
      Optional<String> version = attempt.make();
      if (version.isPresent()) {
        return version;
      }
      pause.pause(step);
    }
    return Optional.empty();
  }

  private Optional<String> ping(Instant deadline) {
    return get("/_ping", deadline).flatMap(Probe::version);
  }

  /**
   * Asks for the version, which names containerd only when that has answered too; /_ping answers
   * without it.
   */
  private Optional<String> reconnected(Instant deadline) {
    return get("/version", deadline)
        .filter(answer -> answer.contains("\"Name\":\"containerd\""))
        .flatMap(Probe::version);
  }

  private Optional<String> get(String path, Instant deadline) {
    try (ProbeCall call = ProbeCall.send(layout.dockerSocket(), "GET", path)) {
      String answer = new String(call.answer(clock, deadline), StandardCharsets.ISO_8859_1);
      return answer.startsWith("HTTP/1.") && answer.startsWith(" 200 ", 8)
          ? Optional.of(answer)
          : Optional.empty();
    } catch (IOException e) {
      // Not there, not ready, or gone: all of them are no answer.
      String failure = String.valueOf(e.getMessage());
      if (!failure.equals(lastFailure)) {
        lastFailure = failure;
        failures.accept(failure);
      }
      return Optional.empty();
    }
  }

  /** Reads the version from an answer's head, {@code Server: Docker/26.1.5 (linux)}. */
  private static Optional<String> version(String answer) {
    return answer
        .lines()
        .takeWhile(line -> !line.isEmpty())
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("server:"))
        .map(line -> line.substring("server:".length()).strip())
        .map(server -> server.substring(server.indexOf('/') + 1).split(" ", 2)[0])
        .findFirst();
  }

  /** One go at an answer. */
  @FunctionalInterface
  private interface Attempt {
    Optional<String> make();
  }
}
