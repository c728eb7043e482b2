package dev.caisson.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What sandboxes can leave on their host, counted. On a machine where others work it also counts
 * theirs: there it is told, and what is asserted is named ({@link Traces}).
 */
public record HostCount(
    long mounts,
    long loopDevices,
    long cgroups,
    long networkNamespaces,
    long links,
    long processes,
    long containers,
    long volumes,
    long networks) {

  public static HostCount now() {
    return new HostCount(
        mountLines().count(),
        Machine.run("losetup", "--list", "--noheadings").lines().count(),
        cgroupPaths().count(),
        namespaces().size(),
        linkPaths().count(),
        children("/proc").filter(path -> isNumber(path.getFileName().toString())).count(),
        Machine.run("docker", "ps", "-aq").lines().count(),
        Machine.run("docker", "volume", "ls", "-q").lines().count(),
        Machine.run("docker", "network", "ls", "-q").lines().count());
  }

  public static Stream<String> mountLines() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The directories of containers' cgroups, of all hierarchies. */
  public static Stream<String> cgroupPaths() {
    // It complains of what vanishes while it looks: other sandboxes end.
    return Machine.attempt("find", "/sys/fs/cgroup", "-type", "d", "-path", "*docker*")
        .output()
        .lines()
        .filter(line -> line.startsWith("/"));
  }

  /** Those in which a process is, or that the engine holds by a mount. */
  static Set<String> namespaces() {
    Set<String> found = new HashSet<>();
    children("/proc")
        .filter(path -> isNumber(path.getFileName().toString()))
        .forEach(path -> {
          try {
            found.add(Files.readSymbolicLink(path.resolve("ns/net")).toString());
          } catch (IOException e) {
            // It has ended meanwhile, or is a thread of the kernel.
          }
        });
    mountLines()
        .map(line -> line.split(" ", -1)[3])
        .filter(root -> root.startsWith("net:["))
        .forEach(found::add);
    return found;
  }

  static Stream<Path> linkPaths() {
    return children("/sys/class/net");
  }

  private static Stream<Path> children(String directory) {
    try (Stream<Path> all = Files.list(Path.of(directory))) {
      return all.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isNumber(String text) {
    return text.chars().allMatch(Character::isDigit);
  }
}
