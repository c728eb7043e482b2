package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program of this host that is told by its environment where the daemon is: the Docker CLI, a
 * test of somebody else's, a script.
 */
public final class DockerClient {
  private final Map<String, String> environment = new HashMap<>();

  /** With nothing of what this host's user has set up. */
  public DockerClient(Path config, String dockerHost) {
    with("DOCKER_HOST", dockerHost).with("DOCKER_CONFIG", config.toString());
  }

  public DockerClient with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** What it printed; it must succeed. */
  public String docker(String... arguments) {
    return run(docker(List.of(arguments)));
  }

  /** The command line of the CLI. */
  static List<String> docker(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(arguments);
    return command;
  }

  /** What a command printed; it must succeed. */
  String run(List<String> command) {
    Machine.Outcome outcome = attempt(command);
    assertThat(outcome.code()).as("%s: %s", command, outcome.output()).isZero();
    return outcome.output();
  }

  /** What a command printed, and how it ended. */
  public Machine.Outcome attempt(List<String> command) {
    try {
      Process process = start(command);
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Machine.Outcome(end(process), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins a command whose streams the caller has; both outputs are one. */
  public Process start(List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      // Python's requests believes those of a CA_BUNDLE, and not whom its caller names.
      builder
          .environment()
          .keySet()
          .removeIf(name -> name.startsWith("DOCKER_") || name.endsWith("_CA_BUNDLE"));
      builder.environment().putAll(environment);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its exit code, once it has one. */
  public static int end(Process process) {
    try {
      if (!process.waitFor(10, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException("still running: " + process.info());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
