package dev.caisson.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the host, which says a line or two. */
final class HostProgram {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final List<Path> DIRECTORIES =
      Stream.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin")
          .map(Path::of)
          .toList();

  private HostProgram() {}

  /** Tells whether the host has this program. */
  static boolean has(String name) {
    return find(name).isPresent();
  }

  private static Optional<Path> find(String name) {
    return DIRECTORIES.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Runs the program and returns what it says, within a minute.
   *
   * @throws IOException with what it says, if it fails
   */
  static String run(String name, String... arguments) throws IOException {
    Result result = result(DEADLINE, ProcessBuilder.Redirect.PIPE, name, List.of(arguments));
    if (result.code != 0) {
      throw new IOException(name + ": " + result.output.strip());
    }
    return result.output;
  }

  /**
   * Runs a program that says what it can, and returns that, whatever it complains of.
   *
   * @throws IOException if it does not end in time
   */
  static String ask(Duration deadline, String name, List<String> arguments) throws IOException {
    return result(deadline, ProcessBuilder.Redirect.DISCARD, name, arguments).output;
  }

  private record Result(int code, String output) {}

  private static Result result(
      Duration deadline, ProcessBuilder.Redirect errors, String name, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(
        find(name).orElseThrow(() -> new IOException(name + " is not installed")).toString());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(errors.equals(ProcessBuilder.Redirect.PIPE))
            .redirectError(errors)
            .start();
    try {
      process.getOutputStream().close();
      // A pipe takes so little without a reader.
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(name + " did not end within " + deadline);
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.exitValue(), output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(name + " was interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
