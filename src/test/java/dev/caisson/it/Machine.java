package dev.caisson.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The machine the tests run on: its engine, reached from outside of what is tested, and its
 * registry.
 */
public final class Machine {
  /** An ordinary image with a shell and a libc. */
  public static final String DEBIAN = "debian:trixie-slim";

  /** An image that holds one static busybox and nothing else. */
  public static final String STATIC = "caisson/static:latest";

  private Machine() {}

  /** What a command printed; it must succeed. */
  public static String run(String... command) {
    Outcome outcome = attempt(command);
    assertThat(outcome.code()).as("%s: %s", String.join(" ", command), outcome.output()).isZero();
    return outcome.output();
  }

  /** What a command printed, and how it ended. */
  public static Outcome attempt(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      // Long enough for an image to be built with nothing cached.
      if (!process.waitFor(15, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException("still running: " + String.join(" ", command));
      }
      return new Outcome(process.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public record Outcome(int code, String output) {}

  /** What a service may pull from: the registry that the set-up started, and the usual ones. */
  static final String REGISTRIES = "public,127.0.0.1:5000";

  /** Where sandboxes reach the registry that the set-up started. */
  public static String registryMirror() {
    return "http://" + run("./kit/registry.sh", "address");
  }

  /** The container of a sandbox, by its label. */
  public static String container(String sandbox) {
    return run("docker", "ps", "-q", "--filter", "label=dev.caisson.sandbox=" + sandbox);
  }

  /** The address of a sandbox on its network. */
  public static String address(String sandbox) {
    return run(
        "docker",
        "inspect",
        "-f",
        "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
        networkHolder(sandbox));
  }

  /** The name of a sandbox's network on the engine. */
  public static String network(String sandbox) {
    return run("docker", "inspect", "-f", "{{.HostConfig.NetworkMode}}", networkHolder(sandbox));
  }

  /** The container that has a sandbox's network: the one that it has joined, or its own. */
  private static String networkHolder(String sandbox) {
    String own = container(sandbox);
    String mode = run("docker", "inspect", "-f", "{{.HostConfig.NetworkMode}}", own);
    return mode.startsWith("container:") ? mode.substring("container:".length()) : own;
  }

  /** Host pids of what runs in a sandbox with this program name. */
  public static List<Long> hostPids(String sandbox, String program) {
    String table = run("docker", "top", container(sandbox), "-eo", "pid,comm");
    return Arrays.stream(table.split("\n"))
        .map(line -> line.strip().split("\\s+", 2))
        .filter(columns -> columns.length == 2 && columns[1].equals(program))
        .map(columns -> Long.parseLong(columns[0]))
        .toList();
  }

  /** The words of a command's output. */
  public static List<String> words(String text) {
    return Arrays.stream(text.split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
  }

  /** The loop devices of files below this directory. */
  public static List<String> loopDevices(Path directory) {
    return run("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE")
        .lines()
        .map(line -> line.strip().split("\\s+", 2))
        .filter(columns -> columns.length == 2 && columns[1].startsWith(directory + "/"))
        .map(columns -> columns[0])
        .toList();
  }

  public static void kill9(long hostPid) {
    run("kill", "-9", Long.toString(hostPid));
  }

  /** Removes what a service with this home may have left, after a failure too. */
  public static void removeSandboxesOf(Path home) {
    // Of sandboxes that nobody ended: sealed, they keep their directory.
    attempt("chattr", "-R", "-i", home.resolve("run").toString());
    Path instance = home.resolve("instance");
    if (!Files.exists(instance)) {
      return;
    }
    try {
      String id = Files.readString(instance).strip();
      String label = "label=dev.caisson.instance=" + id;
      // What looked at the host for a service that was killed meanwhile is no sandbox, nor is what
      // keeps its kit.
      for (String own :
          List.of(label, "label=dev.caisson.examines=" + id, "label=dev.caisson.kit.user=" + id)) {
        for (String container : words(run("docker", "ps", "-aq", "--filter", own))) {
          run("docker", "rm", "-fv", container);
        }
      }
      for (String volume : words(run("docker", "volume", "ls", "-q", "--filter", label))) {
        run("docker", "volume", "rm", volume);
      }
      for (String device : loopDevices(home)) {
        run("losetup", "--detach", device);
      }
      for (String network : words(run("docker", "network", "ls", "-q", "--filter", label))) {
        run("docker", "network", "rm", network);
      }
      run("./kit/wall.sh", id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
