import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How soon a service that was just started is as fast as one that has run for long: services of
 * their own by turns, each from its start to its first answer, then execs of {@code true} in a
 * sandbox, in bands. With the time of each band come its CPU seconds in the service, those of the
 * compilers apart.
 */
final class WarmUp {
  private static final int ROUNDS = Settings.number("WARMUP_ROUNDS", 4);

  /** The execs of the bands, each counted from the start. */
  private static final List<Integer> BANDS =
      List.of(Settings.text("WARMUP_BANDS", "500,1000,2000").split(",")).stream().map(Integer::valueOf).toList();

  private static final String IMAGE = Settings.text("BENCH_IMAGE", "debian:trixie-slim");

  /** What was measured of one unpacked service; of each figure, one number for each round. */
  private record Side(Path service, Map<String, List<Double>> figures) {
    void add(String figure, double value) {
      figures.computeIfAbsent(figure, name -> new ArrayList<>()).add(value);
    }
  }

  private WarmUp() {}

  public static void main(String[] directories) throws Exception {
    List<Side> sides = new ArrayList<>();
    for (String directory : directories.length > 0 ? directories : new String[] {"../target/service"}) {
      sides.add(new Side(Path.of(directory).toRealPath(), new TreeMap<>()));
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Side side : round % 2 == 0 ? sides : sides.reversed()) {
        measure(side);
      }
    }
    for (Side side : sides) {
      System.out.println(side.service());
      side.figures().forEach((name, values) -> System.out.printf("  %-32s %8.2f%n", name, median(values)));
    }
  }

  private static void measure(Side side) throws Exception {
    try (ServiceStart service = ServiceStart.of(side.service())) {
      side.add("0 start, ms", service.millis());
      Cost start = Cost.of(service.pid());
      side.add("0 start, CPU ms", start.all() * 1e3);
      side.add("0 start, CPU ms of compilers", start.compilers() * 1e3);
      Caisson caisson = service.client();
      try {
        String sandbox = (String) Json.at(caisson.create(IMAGE, false), "id");
        int from = 0;
        for (int band : BANDS) {
          measure(side, service, sandbox, "%05d-%05d ".formatted(from + 1, band), band - from);
          from = band;
        }
      } finally {
        caisson.deleteAll();
      }
    }
  }

  private static void measure(
      Side side, ServiceStart service, String sandbox, String band, int execs) throws Exception {
    Cost before = Cost.of(service.pid());
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < execs; i++) {
      long from = System.nanoTime();
      service.client().exec(sandbox, "true");
      millis.add((System.nanoTime() - from) / 1e6);
    }
    Cost cost = Cost.of(service.pid()).since(before);
    side.add(band + "p50, ms", median(millis));
    side.add(band + "CPU ms, compilers", cost.compilers() * 1e3 / execs);
    side.add(band + "CPU ms, the rest", (cost.all() - cost.compilers()) * 1e3 / execs);
  }

  /** Seconds of a process's CPU time, and those of its compilers among them. */
  private record Cost(double all, double compilers) {
    static Cost of(long pid) throws IOException {
      return new Cost(Cpu.ofProcess(pid), Cpu.ofThreads(pid, "C1 Compiler", "C2 Compiler"));
    }

    Cost since(Cost before) {
      return new Cost(all - before.all, compilers - before.compilers);
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }
}
