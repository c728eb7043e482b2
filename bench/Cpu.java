import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a unit of work costs in CPU time: everything on the host, by program. It can be told on a
 * machine that is busy with something else, whose programs are left out.
 */
final class Cpu {
  /** One unit of work. */
  interface Unit {
    void run() throws Exception;
  }

  /** Seconds of a unit, by program. */
  record Cost(int times, Map<String, Double> seconds) {
    /** All programs that belong to it: the client's own time is no part of what it costs. */
    double sum() {
      return seconds.entrySet().stream()
          .filter(each -> !each.getKey().equals("client") && !each.getKey().equals("all"))
          .mapToDouble(Map.Entry::getValue)
          .sum();
    }

    /** With the client, which is all that a program on the host is started by. */
    double withClient() {
      return sum() + seconds.get("client");
    }

    String said() {
      List<String> parts = new ArrayList<>();
      seconds.forEach(
          (program, each) -> {
            if (each * 1e3 >= 0.05 && !program.equals("all")) {
              parts.add(program + " " + millis(each));
            }
          });
      return "%s ms: %s (n=%d)".formatted(millis(sum()), String.join(", ", parts), times);
    }

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("n", times);
      seconds.forEach((program, each) -> json.put(program, Math.round(each * 1e6) / 1e6));
      return json;
    }
  }

  private Cpu() {}

  static String millis(double seconds) {
    return String.format(Locale.ROOT, seconds < 0.1 ? "%.2f" : "%.0f", seconds * 1e3);
  }

  /** What one of so many units has cost. */
  static Cost of(CpuMeter meter, int times, Unit unit) throws Exception {
    Map<String, Double> before = meter.read();
    for (int i = 0; i < times; i++) {
      unit.run();
    }
    Map<String, Double> cost = new LinkedHashMap<>();
    meter.read().forEach((program, after) -> cost.put(program, (after - before.get(program)) / times));
    return new Cost(times, cost);
  }

  /** Seconds that a process has used by now. */
  static double ofProcess(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
  }

  /** Seconds that those threads of a process have used by now whose name begins with one of these. */
  static double ofThreads(long pid, String... names) throws IOException {
    double sum = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        try {
          // The kernel keeps 15 characters of a name.
          String name = Files.readString(thread.resolve("comm")).strip();
          if (Stream.of(names).anyMatch(name::startsWith)) {
            sum += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]) / 1e9;
          }
        } catch (IOException e) {
          // It has ended.
        }
      }
    }
    return sum;
  }

  /** The process that listens at this port of the host. */
  static long listener(int port) throws IOException {
    String inode = null;
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > 9 && fields[3].equals("0A") && fields[1].endsWith(":%04X".formatted(port))) {
          inode = "socket:[" + fields[9] + "]";
        }
      }
    }
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.filter(each -> Files.isDirectory(each.resolve("fd"))).toList()) {
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
          for (Path file : files.toList()) {
            if (Files.readSymbolicLink(file).toString().equals(inode)) {
              return Long.parseLong(process.getFileName().toString());
            }
          }
        } catch (IOException e) {
          // It has ended, or its file has.
        }
      }
    }
    throw new IOException("nothing on this host listens at port " + port + ": the service must run here");
  }
}
