package dev.caisson.supervisor.setup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An examination that finds out what the engine's host can do, and prints it in lines of {@code
 * name=value}; an empty value of a check means that it holds, any other says why it does not. Run
 * in containers that live for this alone: made as sandboxes with Docker are, and one in the host's
 * network.
 */
public final class Examination {
  /** The place of the host's {@code /dev} in the examination of the host. */
  private static final Path HOSTS_DEVICES = Path.of("/dev-of-host");

  private final ToolRun tools;
  private final Path proc;
  private final PrintStream out;

  /**
   * @param proc {@code /proc}; another one only in tests
   */
  Examination(ToolRun tools, Path proc, PrintStream out) {
    this.tools = tools;
    this.proc = proc;
    this.out = out;
  }

  /** Runs the examination that these arguments ask for; false if they ask for something else. */
  public static boolean asked(String[] args) throws Exception {
    Examination examination = new Examination(ToolRun.REAL, Path.of("/proc"), System.out);
    switch (args[0]) {
      case "--examine-sandbox" -> examination.sandbox();
      case "--examine-rootless" -> examination.rootless();
      case "--examine-host" ->
          examination.host(
              new HostWall.Plan(args[1], args[2], args[3], list(args[4]), list(args[5])));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static List<String> list(String argument) {
    return Arrays.stream(argument.split(",", -1)).filter(item -> !item.isEmpty()).toList();
  }

  /** Examines from within a sandbox what dockerd will need. */
  private void sandbox() throws IOException, InterruptedException {
    List<PreparationStep> steps = Preparation.ofSandbox().run();
    Optional<PreparationStep> fatal =
        steps.stream().filter(s -> s.outcome() == PreparationStep.Outcome.FATAL).findFirst();
    tell("preparation", fatal.map(step -> step.name() + ": " + step.detail()).orElse(""));
    tell("toolkit", toolkit(DaemonLayout.SANDBOX.program("dockerd")));
    tell("overlay", OverlayCheck.failure(DaemonLayout.SANDBOX.dockerData()));
    Path toolkit = DaemonLayout.SANDBOX.toolkit();
    tell("nftables", table(toolkit.resolve("bin/iptables")));
    tell("legacy-tables", table(toolkit.resolve("bin-legacy/iptables")));
    tell("user-namespaces", line(proc.resolve("sys/user/max_user_namespaces")));
    tell("users", users(proc.resolve("self/uid_map")));
    tell("memory-limit", hierarchicalLimit(Path.of("/sys/fs/cgroup/memory/memory.stat")));
    tell(
        "resolver",
        String.join(
            ";",
            Files.readAllLines(Path.of("/etc/resolv.conf")).stream()
                .map(String::strip)
                .filter(l -> l.startsWith("nameserver ") || l.startsWith("search "))
                .toList()));
  }

  /**
   * Examines from within a rootless sandbox whether a nest can be made; most of what can be wrong
   * is printed.
   */
  private void rootless() throws IOException, InterruptedException {
    ToolRun.Outcome outcome =
        tools.run(List.of(DaemonLayout.SANDBOX.program("nest").toString(), "examine"), "");
    tell("rootless", outcome.ok() ? "" : outcome.words());
  }

  /**
   * Returns why dockerd does not run, empty if it does: a program that is there may still not run,
   * since its loader and libraries are the kit's, too.
   */
  private String toolkit(Path dockerd) throws IOException, InterruptedException {
    ToolRun.Outcome outcome = tools.run(List.of(dockerd.toString(), "--version"), "");
    return outcome.ok() ? "" : outcome.words();
  }

  private String table(Path program) throws IOException, InterruptedException {
    // The table that dockerd needs most, and of which it makes most.
    ToolRun.Outcome outcome =
        tools.run(List.of(program.toString(), "-w", "-t", "nat", "-N", "CAISSON-CHECK"), "");
    return outcome.ok() ? "" : outcome.words();
  }

  /** Examines the host from its network and among its processes. */
  private void host(HostWall.Plan wall) throws IOException, InterruptedException {
    tell("capabilities", bounding(proc.resolve("1/status")));
    tell("open-files", line(proc.resolve("sys/fs/nr_open")));
    tell("devices", String.join(",", devices(HOSTS_DEVICES)));
    tell("wall", new HostWall(tools, DaemonLayout.SANDBOX).build(wall));
  }

  /** Lists the devices that containers ask for and that every user of the host may open. */
  private static List<String> devices(Path directory) throws IOException {
    List<String> found = new ArrayList<>();
    for (String name : List.of("fuse", "net/tun")) {
      Path device = directory.resolve(name);
      if (Files.exists(device)
          && Files.getPosixFilePermissions(device)
              .containsAll(
                  Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE))) {
        found.add("/dev/" + name);
      }
    }
    return found;
  }

  private static String bounding(Path status) throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("CapBnd:"))
        .map(line -> line.substring(7).strip())
        .findFirst()
        .orElse("");
  }

  /** Counts the users: each line has the first in here, the first out there, and their number. */
  private static String users(Path map) throws IOException {
    long sum =
        Files.readAllLines(map).stream()
            .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", 3)[2]))
            .sum();
    return Long.toString(sum);
  }

  /**
   * Returns the first line of a file, in one read: the kernel answers the next one of a sysctl with
   * its end, and {@code Files.readString} begins with a single byte where a file says that it is
   * empty.
   */
  static String line(Path file) {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return Objects.requireNonNullElse(reader.readLine(), "").strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Returns the memory limit of this cgroup under version 1, its ancestors' limits included. */
  private static String hierarchicalLimit(Path stat) {
    try {
      return Files.readAllLines(stat).stream()
          .filter(line -> line.startsWith("hierarchical_memory_limit "))
          .map(line -> line.substring(line.indexOf(' ') + 1))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  private void tell(String name, String value) {
    out.println(name + "=" + value.replace('\n', ' '));
  }
}
