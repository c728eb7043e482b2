import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two running services and the Docker CLI by turns, each asked for many sandboxes at once: some
 * cold, some with half of them in a pool.
 */
final class Bursts {
  private static final String TEMPLATE = "bursts";
  private static final int STOCK = 10;
  private static final int POOLED = 20;

  /** Work that takes a while, and its outcome. */
  private interface Work {
    String make() throws Exception;
  }

  /** What was measured of one of those that are asked, in milliseconds. */
  private static final class Times {
    final List<Double> walls = new ArrayList<>();
    final List<Double> p95s = new ArrayList<>();
    final List<Double> cpu = new ArrayList<>();
    volatile int failed;
  }

  private final String image;

  private Bursts(String image) {
    this.image = image;
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 2) {
      System.err.println("usage: bench/bursts BEFORE_URL,KEY AFTER_URL,KEY [COLD] [ROUNDS] [IMAGE] [pooled]");
      System.exit(2);
    }
    int cold = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
    int rounds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 3;
    String image = arguments.length > 4 ? arguments[4] : "debian:trixie-slim";
    Bursts bursts = new Bursts(image);
    List<Caisson> both = new ArrayList<>();
    for (String each : List.of(arguments[0], arguments[1])) {
      String[] parts = each.split(",", 2);
      both.add(new Caisson(parts[0], parts[1]));
    }
    if (arguments.length > 5) {
      bursts.pooled(both, rounds);
    } else {
      bursts.cold(both, cold, rounds);
    }
  }

  private void cold(List<Caisson> both, int count, int rounds) throws Exception {
    List<Times> times = List.of(new Times(), new Times(), new Times());
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < 3; turn++) {
        int who = (round + turn) % 3;
        load(round, who);
        List<String> made =
            who == 2
                ? burst(count, this::run, times.get(2))
                : burst(count, () -> id(both.get(who).create(image, false)), times.get(who));
        if (who == 2) {
          List<String> remove = new ArrayList<>(List.of("docker", "rm", "-f"));
          remove.addAll(made);
          command(remove);
        } else {
          burst(
              made.size(),
              () -> {
                String id;
                synchronized (made) {
                  id = made.removeLast();
                }
                both.get(who).delete(id);
                return id;
              },
              new Times());
        }
      }
    }
    say("%d cold at once, before".formatted(count), times.get(0), times.get(2));
    say("%d cold at once, after".formatted(count), times.get(1), times.get(2));
    say("%d docker run -d at once".formatted(count), times.get(2), times.get(2));
  }

  private void pooled(List<Caisson> both, int rounds) throws Exception {
    List<Times> times = List.of(new Times(), new Times());
    List<Times> alone = List.of(new Times(), new Times());
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < 2; turn++) {
        int who = (round + turn) % 2;
        Caisson service = both.get(who);
        for (int i = 0; i < 3; i++) {
          burst(1, () -> interactive(service, service.create(image, false)), alone.get(who));
        }
        service.template(TEMPLATE, image, false, STOCK);
        service.awaitPool(TEMPLATE, STOCK);
        load(round, who);
        burst(POOLED, () -> interactive(service, service.createFrom(TEMPLATE)), times.get(who));
        service.forget(TEMPLATE);
      }
    }
    say("%d at once, %d pooled, before".formatted(POOLED, STOCK), times.get(0), alone.get(0));
    say("%d at once, %d pooled, after".formatted(POOLED, STOCK), times.get(1), alone.get(1));
    say("one alone, cold, before", alone.get(0), alone.get(0));
    say("one alone, cold, after", alone.get(1), alone.get(0));
  }

  private final ThreadLocal<Long> ready = new ThreadLocal<>();

  /** Two commands in it, and its removal, which is not measured. */
  private String interactive(Caisson service, Object made) throws Exception {
    String id = id(made);
    service.exec(id, "true");
    service.exec(id, "true");
    ready.set(System.nanoTime());
    service.delete(id);
    return id;
  }

  private static String id(Object made) {
    return (String) Json.at(made, "id");
  }

  private String run() throws Exception {
    return command(List.of("docker", "run", "-d", image, "sleep", "infinity"));
  }

  private static String command(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes()).strip();
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + said);
    }
    return said;
  }

  /** All at once; the time until the last is done, the 95th percentile, and the host's CPU time. */
  private List<String> burst(int count, Work work, Times times) throws Exception {
    List<Double> each = Collections.synchronizedList(new ArrayList<>());
    List<Callable<String>> calls = new ArrayList<>();
    double cpu = Host.cpuSeconds();
    long from = System.nanoTime();
    for (int i = 0; i < count; i++) {
      calls.add(
          () -> {
            ready.remove();
            String made;
            try {
              made = work.make();
            } catch (IOException e) {
              times.failed++;
              System.out.println("failed: " + e.getMessage());
              return null;
            }
            Long earlier = ready.get();
            each.add(((earlier == null ? System.nanoTime() : earlier) - from) / 1e6);
            return made;
          });
    }
    List<String> made = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, count))) {
      for (Future<String> one : threads.invokeAll(calls)) {
        if (one.get() != null) {
          made.add(one.get());
        }
      }
    }
    times.cpu.add(Host.cpuSeconds() - cpu);
    if (each.isEmpty()) {
      return made;
    }
    times.walls.add(Collections.max(each));
    times.p95s.add(at(each, 0.95));
    System.out.printf("  %d of %d: last %.0f ms, p95 %.0f, p50 %.0f, host's CPU %.1f s%n", each.size(), count,
        times.walls.getLast(), times.p95s.getLast(), at(each, 0.5), times.cpu.getLast());
    return made;
  }

  private static void load(int round, int who) throws IOException {
    System.out.printf("round %d, %s; load %s%n", round, List.of("before", "after", "docker").get(who),
        Host.load());
  }

  private static void say(String what, Times times, Times base) {
    System.out.printf(
        "%s: last %.0f ms (%.2f), p95 %.0f ms (%.2f), host's CPU %.1f s (%.2f); lasts %s, p95s %s, %d failed%n",
        what,
        at(times.walls, 0.5),
        at(times.walls, 0.5) / at(base.walls, 0.5),
        at(times.p95s, 0.5),
        at(times.p95s, 0.5) / at(base.p95s, 0.5),
        at(times.cpu, 0.5),
        at(times.cpu, 0.5) / at(base.cpu, 0.5),
        times.walls.stream().map(Math::round).toList(),
        times.p95s.stream().map(Math::round).toList(),
        times.failed);
  }

  private static double at(List<Double> values, double quantile) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get((int) Math.ceil(quantile * (sorted.size() - 1)));
  }
}
