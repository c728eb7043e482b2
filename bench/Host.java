import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel of this host tells of itself and of a process. */
final class Host {
  private Host() {}

  /** MB that only this process has, of files or not. */
  static double privateMegabytes(long pid) throws IOException {
    double kilobytes = 0;
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      if (line.startsWith("Private_Clean:") || line.startsWith("Private_Dirty:")) {
        kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return kilobytes * 1024 / 1e6;
  }

  /** Files and connections that a process has open. */
  static long descriptors(long pid) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return open.count();
    }
  }

  /** MB that programs could still get. */
  static double availableMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/meminfo")).stream()
            .filter(line -> line.startsWith("MemAvailable:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        * 1024
        / 1e6;
  }

  /** Seconds that its processors have worked since its start. */
  static double cpuSeconds() throws IOException {
    String[] all = Files.readAllLines(Path.of("/proc/stat")).getFirst().split("\\s+");
    long ticks = 0;
    for (int field : new int[] {1, 2, 3, 6, 7}) {
      ticks += Long.parseLong(all[field]);
    }
    return ticks / 100.0;
  }

  static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }
}
