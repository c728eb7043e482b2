import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the CPU time that everything on the host has used, by program and in seconds.
 *
 * <p>The engine's processes are kept in a cgroup of their own meanwhile, so that what they start and
 * what has ended counts, too: {@code cpuacct} on cgroup version 1, and the cgroups that systemd has
 * given them on version 2.
 */
final class CpuMeter implements AutoCloseable {
  private static final Path V1 = Path.of("/sys/fs/cgroup/cpuacct");
  private static final Path V2 = Path.of("/sys/fs/cgroup");
  private static final Path OWN = V1.resolve("bench-engine");
  private static final Pattern CONTAINER = Pattern.compile("(docker-)?[0-9a-f]{64}(\\.scope)?");

  private final long service;
  private final long dockerd;
  private final long containerd;

  CpuMeter(long service) throws IOException {
    this.service = service;
    this.dockerd = pid("dockerd");
    this.containerd = pid("containerd");
    if (Files.isDirectory(V1)) {
      Files.createDirectories(OWN);
      move(OWN, List.of(dockerd, containerd));
    }
  }

  /** CPU seconds of each program so far; "all" is everything on the host, idle time left out. */
  Map<String, Double> read() throws IOException {
    Map<String, Double> read = new LinkedHashMap<>();
    double[] engine = ticks(dockerd);
    double[] tasks = ticks(containerd);
    double group =
        Files.isDirectory(V1)
            ? usage(OWN)
            : usage(cgroup(dockerd)) + (cgroup(dockerd).equals(cgroup(containerd)) ? 0 : usage(cgroup(containerd)));
    read.put("service", ticks(service)[0]);
    read.put("dockerd", engine[0]);
    read.put("its children", engine[1]);
    read.put("containerd", tasks[0]);
    read.put("shims and runc", group - engine[0] - engine[1] - tasks[0]);
    read.put("containers", containers());
    double[] client = ticks(ProcessHandle.current().pid());
    read.put("client", client[0]);
    read.put("started by the client", client[1]);
    read.put("all", usage(Files.isDirectory(V1) ? V1 : V2));
    return read;
  }

  /** Puts the engine's processes back. */
  @Override
  public void close() throws IOException {
    if (Files.isDirectory(OWN)) {
      move(V1, Files.readAllLines(OWN.resolve("cgroup.procs")).stream().map(Long::valueOf).toList());
      Files.deleteIfExists(OWN);
    }
  }

  private static void move(Path cgroup, List<Long> pids) throws IOException {
    for (long pid : pids) {
      try {
        Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(pid));
      } catch (IOException e) {
        if (Files.isDirectory(Path.of("/proc/" + pid))) {
          throw e;
        }
      }
    }
  }

  /** Seconds that a process has used itself, and those of its children that have ended. */
  private static double[] ticks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return new double[] {
      (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0,
      (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / 100.0
    };
  }

  private static double usage(Path cgroup) throws IOException {
    Path v1 = cgroup.resolve("cpuacct.usage");
    if (Files.exists(v1)) {
      return Long.parseLong(Files.readString(v1).strip()) / 1e9;
    }
    for (String line : Files.readAllLines(cgroup.resolve("cpu.stat"))) {
      if (line.startsWith("usage_usec ")) {
        return Long.parseLong(line.substring("usage_usec ".length())) / 1e6;
      }
    }
    throw new IOException(cgroup + " does not tell the CPU time of its processes");
  }

  /**
   * All containers. On version 1 their parents have counted those that have ended, too; on version 2
   * only those that are there count.
   */
  private static double containers() throws IOException {
    double sum = 0;
    if (Files.isDirectory(V1)) {
      try (Stream<Path> parents = Files.list(V1)) {
        for (Path parent : parents.filter(CpuMeter::isOfContainers).toList()) {
          sum += usage(parent);
        }
      }
      return sum;
    }
    try (Stream<Path> all = Files.walk(V2, 4)) {
      for (Path each : all.filter(path -> CONTAINER.matcher(path.getFileName().toString()).matches()).toList()) {
        sum += usage(each);
      }
    }
    return sum;
  }

  private static boolean isOfContainers(Path cgroup) {
    String name = cgroup.getFileName().toString();
    return Files.isDirectory(cgroup) && (name.equals("docker") || name.startsWith("caisson"));
  }

  private static Path cgroup(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
      String[] parts = line.split(":", 3);
      if (Files.isDirectory(V1) && List.of(parts[1].split(",")).contains("cpuacct")) {
        return V1.resolve(parts[2].substring(1));
      }
      if (!Files.isDirectory(V1) && parts[0].equals("0")) {
        return V2.resolve(parts[2].substring(1));
      }
    }
    throw new IOException("process " + pid + " is in no cgroup that counts CPU time");
  }

  /** The host's own process of this name: the first, and so no sandbox's. */
  private static long pid(String name) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> process.getFileName().toString().matches("\\d+"))
          .filter(process -> comm(process).equals(name))
          .mapToLong(process -> Long.parseLong(process.getFileName().toString()))
          .filter(CpuMeter::onHost)
          .min()
          .orElseThrow(() -> new IOException("no " + name + " runs on this host"));
    }
  }

  private static String comm(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean onHost(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/pid"))
          .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")));
    } catch (IOException e) {
      return false;
    }
  }
}
