package dev.caisson.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one sandbox has on its host while it lives, by name, so that it can be looked for afterwards
 * whatever else goes on there.
 */
public final class Traces {
  private final String container;
  private final Set<String> names = new HashSet<>();
  private final Set<String> namespaces = new HashSet<>();
  private final List<Path> processes = new ArrayList<>();
  private final Path link;

  private Traces(String container, Path link) {
    this.container = container;
    this.link = link;
  }

  /** Of a sandbox that runs. */
  public static Traces of(String sandbox) {
    String id =
        Machine.run("docker", "inspect", "-f", "{{.Id}}", Machine.container(sandbox)).strip();
    String init = Machine.run("docker", "inspect", "-f", "{{.State.Pid}}", id).strip();
    Traces traces = new Traces(id, link(init));
    traces.names.add(id);
    traces.names.add(sandbox);
    traces.names.addAll(
        Machine.words(
            Machine.run(
                "docker",
                "inspect",
                "-f",
                "{{.GraphDriver.Data.MergedDir}} {{range .Mounts}}{{if eq .Type \"volume\"}}"
                    + "{{if .RW}}{{.Name}} {{end}}{{end}}{{end}}",
                id)));
    for (String pid : Machine.words(Machine.run("docker", "top", id, "-eo", "pid"))) {
      if (!pid.equals("PID")) {
        traces.process(pid);
      }
    }
    return traces;
  }

  private void process(String pid) {
    Path process = Path.of("/proc", pid);
    try {
      namespaces.add(Files.readSymbolicLink(process.resolve("ns/net")).toString());
      processes.add(process);
    } catch (IOException e) {
      // It has ended since it was listed.
    }
  }

  /** The host's end of its network cable. */
  private static Path link(String init) {
    String shown =
        Machine.attempt("nsenter", "-t", init, "-n", "ip", "-o", "link", "show", "dev", "eth0")
            .output();
    // As seen from inside, it says the number of its other end.
    String peer = shown.replaceFirst("(?s).*eth0@if(\\d+):.*", "$1");
    return HostCount.linkPaths()
        .filter(candidate -> index(candidate).equals(peer))
        .findFirst()
        .orElse(Path.of("/sys/class/net/none"));
  }

  private static String index(Path link) {
    try {
      return Files.readString(link.resolve("ifindex")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  boolean hasLink() {
    return Files.exists(link);
  }

  /** All that is still there. */
  public List<String> left() {
    List<String> left = new ArrayList<>();
    HostCount.mountLines().filter(this::names).forEach(line -> left.add("mount " + line));
    Machine.run("losetup", "--list", "--noheadings")
        .lines()
        .filter(this::names)
        .forEach(line -> left.add("loop device " + line));
    HostCount.cgroupPaths().filter(this::names).forEach(path -> left.add("cgroup " + path));
    Set<String> now = HostCount.namespaces();
    namespaces.stream().filter(now::contains).forEach(found -> left.add("namespace " + found));
    if (hasLink()) {
      left.add("link " + link);
    }
    processes.stream()
        .filter(process -> Files.exists(process) && isOurs(process))
        .forEach(process -> left.add("process " + process));
    Machine.run("docker", "ps", "-aq", "--no-trunc")
        .lines()
        .filter(this::names)
        .forEach(id -> left.add("container " + id));
    Machine.run("docker", "volume", "ls", "-q")
        .lines()
        .filter(this::names)
        .forEach(name -> left.add("volume " + name));
    return left;
  }

  private boolean names(String text) {
    return names.stream().anyMatch(text::contains);
  }

  /** Whether the number was not given to somebody else meanwhile. */
  private boolean isOurs(Path process) {
    try {
      return Files.readString(process.resolve("cgroup")).contains(container);
    } catch (IOException e) {
      return false;
    }
  }

  /** Files of this sandbox under the service's directories. */
  public static List<Path> files(Path directory, String sandbox) {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (var all = Files.walk(directory)) {
      return all.filter(path -> path.getFileName().toString().contains(sandbox)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
