import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Two running services by turns: what an exec and a warm create with two commands take on the
 * second, against the first. Both are asked in the same minute, so that what else the machine does
 * meets both alike.
 */
final class Turns {
  private static final String TEMPLATE = "turns";
  private static final int STOCK = 2;

  /** One of the two services, and what was measured of it in milliseconds. */
  private record Side(Caisson service, String sandbox, List<Double> execs, List<Double> creates) {
    static Side of(String address, String image) throws Exception {
      String[] parts = address.split(",", 2);
      Caisson service = new Caisson(parts[0], parts[1]);
      service.template(TEMPLATE, image, false, STOCK);
      String sandbox = (String) Json.at(service.create(image, false), "id");
      service.awaitPool(TEMPLATE, STOCK);
      return new Side(service, sandbox, new ArrayList<>(), new ArrayList<>());
    }

    void execs(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        long from = System.nanoTime();
        service.exec(sandbox, "true");
        execs.add((System.nanoTime() - from) / 1e6);
      }
    }

    void create() throws Exception {
      long from = System.nanoTime();
      String id = (String) Json.at(service.createFrom(TEMPLATE), "id");
      service.exec(id, "true");
      service.exec(id, "true");
      creates.add((System.nanoTime() - from) / 1e6);
      service.delete(id);
      // What the pool makes in its place is not to meet the other's execs.
      service.awaitPool(TEMPLATE, STOCK);
    }

    void end() throws Exception {
      service.forget(TEMPLATE);
      service.deleteAll();
    }
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 2) {
      System.err.println("usage: bench/turns BEFORE_URL,KEY AFTER_URL,KEY [ROUNDS] [IMAGE]");
      System.exit(2);
    }
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
    String image = arguments.length > 3 ? arguments[3] : "debian:trixie-slim";
    Side before = Side.of(arguments[0], image);
    try {
      Side after = Side.of(arguments[1], image);
      try {
        // Neither is to be measured while it is still being compiled.
        before.execs(1500);
        after.execs(1500);
        before.execs().clear();
        after.execs().clear();
        for (int i = 0; i < rounds; i++) {
          // Who comes first comes first no longer in the next round.
          for (Side side : i % 2 == 0 ? List.of(before, after) : List.of(after, before)) {
            side.execs(100);
            side.create();
          }
        }
        say("exec", before.execs(), after.execs());
        say("warm create and two commands", before.creates(), after.creates());
      } finally {
        after.end();
      }
    } finally {
      before.end();
    }
  }

  private static void say(String what, List<Double> before, List<Double> after) {
    System.out.printf(
        "%s (%d each): p50 %.2f ms before, %.2f after, ratio %.3f; p95 %.2f, %.2f, ratio %.3f%n",
        what,
        before.size(),
        at(before, 0.5),
        at(after, 0.5),
        at(after, 0.5) / at(before, 0.5),
        at(before, 0.95),
        at(after, 0.95),
        at(after, 0.95) / at(before, 0.95));
  }

  private static double at(List<Double> values, double quantile) {
    Collections.sort(values);
    return values.get((int) ((values.size() - 1) * quantile));
  }
}
