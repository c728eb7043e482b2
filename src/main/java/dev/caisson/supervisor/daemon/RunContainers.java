package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * The containers of {@code docker run} in the foreground: one ends with its process where that was
 * ended or killed, since the CLI then leaves it to the daemon.
 *
 * <p>A container is known by the file with its id ({@code --cidfile}), which the caller that starts
 * the process has named in the supervisor's own directory. Where the daemon does not answer, it is
 * asked when it does.
 */
public final class RunContainers {
  private static final String OPTION = "--cidfile=";
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  private final DaemonLayout layout;
  private final Clock clock;
  private final Executor executor;
  private final List<Left> left = new ArrayList<>();

  /**
   * @param executor of questions to the daemon, whose answers nothing waits for
   */
  public RunContainers(DaemonLayout layout, Clock clock, Executor executor) {
    this.layout = layout;
    this.clock = clock;
    this.executor = executor;
  }

  /**
   * A container that an ended process may have left to the daemon.
   *
   * @param file with the container's id, absent where none was made
   * @param remove whether it is removed when it ends
   */
  private record Left(Path file, boolean remove) {}

  /** Takes note that a process has ended; does not wait. */
  public void ended(List<String> command, ProcessInfo.Exit exit) {
    List<String> options = command.stream().takeWhile(word -> !word.equals("--")).toList();
    Optional<Path> file = file(options);
    if (file.isEmpty()) {
      return;
    }
    // A CLI that has ended by itself has ended with its container, or the daemon was lost.
    boolean over = exit.cause() == ProcessInfo.Cause.EXITED;
    Left container = new Left(file.get(), options.contains("--rm"));
    executor.execute(() -> end(container, over));
  }

  /** Takes note that the daemon answers; does not wait. */
  public void daemonIsReady() {
    List<Left> again;
    synchronized (left) {
      again = List.copyOf(left);
      left.clear();
    }
    again.forEach(container -> executor.execute(() -> end(container, false)));
  }

  private Optional<Path> file(List<String> options) {
    String beginning = OPTION + layout.configDirectory() + "/";
    return options.stream()
        .filter(word -> word.startsWith(beginning))
        .map(word -> Path.of(word.substring(OPTION.length())))
        .findFirst();
  }

  private void end(Left container, boolean over) {
    try {
      if (!over && Files.exists(container.file())) {
        String id = Files.readString(container.file(), StandardCharsets.US_ASCII).strip();
        if (ID.matcher(id).matches()) {
          ask(
              container.remove() ? "DELETE" : "POST",
              "/containers/" + id + (container.remove() ? "?force=1&v=1" : "/kill"));
        }
      }
      Files.deleteIfExists(container.file());
    } catch (IOException e) {
      Log.warn("a run that is over has left something", "error", e);
      if (!over) {
        synchronized (left) {
          left.add(container);
        }
      }
    }
  }

  /**
   * Asks the daemon. A refusal is right, since what is not there any more has ended, too.
   *
   * @throws IOException if it does not answer, or not as it should
   */
  private void ask(String method, String path) throws IOException {
    try (ProbeCall call = ProbeCall.send(layout.dockerSocket(), method, path)) {
      String answer =
          new String(call.answer(clock, clock.instant().plus(ANSWER)), StandardCharsets.ISO_8859_1);
      if (answer.matches("(?s)HTTP/1\\.\\d 5.*")) {
        throw new IOException(answer.lines().findFirst().orElse(""));
      }
      Log.debug("container of a process that was ended", "answer", answer.lines().findFirst());
    }
  }
}
