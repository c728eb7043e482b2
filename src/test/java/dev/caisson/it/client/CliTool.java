package dev.caisson.it.client;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.docker.DockerClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The command line as a user runs it: the launcher that kit/service.sh has installed. */
public final class CliTool {
  static final Path LAUNCHER = Path.of("target", "service", "caisson").toAbsolutePath();

  private final ServiceProcess service;
  private final Path home;

  /**
   * @param home where it keeps its things, and the Docker CLI its contexts
   */
  public CliTool(ServiceProcess service, Path home) {
    this.service = service;
    this.home = home;
  }

  /** What came of a command, its two streams apart. */
  public record Outcome(int code, String out, String err) {
    public JsonNode json() {
      return Api.JSON.readTree(out);
    }
  }

  /** Runs a command to its end, with nothing to read. */
  public Outcome run(String... arguments) {
    return run(new byte[0], arguments);
  }

  Outcome run(byte[] input, String... arguments) {
    return end(start(arguments), input);
  }

  /** Begins a command whose streams the caller has. */
  public Process start(String... arguments) {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    return start(command);
  }

  /** Runs a command to its end by the jar for machines that have no service. */
  Outcome runByJar(String... arguments) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        new ArrayList<>(List.of(java.toString(), "-jar", "target/caisson-cli.jar"));
    command.addAll(List.of(arguments));
    return end(start(command), new byte[0]);
  }

  /** Begins any program that has the command line on its path and knows the service. */
  public Process start(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("DOCKER_"));
    environment.put("HOME", home.toString());
    environment.put("PATH", LAUNCHER.getParent() + ":" + environment.get("PATH"));
    environment.put("CAISSON_URL", "http://127.0.0.1:" + service.port());
    environment.put("CAISSON_KEY", service.key());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives it all this to read, and waits for its end. */
  public static Outcome end(Process process, byte[] input) {
    StringBuilder err = new StringBuilder();
    Thread errors =
        Thread.ofVirtual()
            .start(() -> {
              try {
                err.append(
                    new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                err.append(e);
              }
            });
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try (OutputStream in = process.getOutputStream()) {
                in.write(input);
              } catch (IOException e) {
                // It has ended without reading it all.
              }
            });
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = DockerClient.end(process);
      errors.join();
      writer.join();
      return new Outcome(code, out, err.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A script at a pseudo-terminal of 30 rows and 100 columns, as somebody types at one. */
  Screen screen(String script) {
    try {
      Path file = Files.createTempFile(home, "screen", ".sh");
      Files.writeString(file, "stty rows 30 cols 100\n" + script);
      return new Screen(start(List.of("script", "-qfec", "sh " + file, "/dev/null")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is shown at a terminal, and its keys. */
  static final class Screen implements AutoCloseable {
    private final Process process;
    private final BufferedReader shown;
    private final StringBuilder seen = new StringBuilder();

    private Screen(Process process) {
      this.process = process;
      this.shown =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    void type(String keys) throws IOException {
      OutputStream keyboard = process.getOutputStream();
      keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
    }

    /** Waits until this is shown; answers what is between the two, and forgets it. */
    String between(String from, String to) throws IOException {
      until(from);
      return until(to);
    }

    /** Waits until this is shown; answers what was before it, and forgets it. */
    String until(String wanted) throws IOException {
      int at = seen.indexOf(wanted);
      while (at < 0) {
        int next = shown.read();
        if (next < 0) {
          throw new AssertionError("'" + wanted + "' was never shown, but: " + seen);
        }
        seen.append((char) next);
        at = seen.indexOf(wanted);
      }
      String before = seen.substring(0, at);
      seen.delete(0, at + wanted.length());
      return before;
    }

    /** The command line that runs at it. */
    ProcessHandle program() {
      return Eventually.holds(
              () ->
                  process
                      .descendants()
                      .filter(each -> each.info().command().orElse("").endsWith("/java"))
                      .findFirst(),
              Optional::isPresent)
          .orElseThrow();
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      DockerClient.end(process);
    }
  }
}
