import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What a pool gives: the time to interactive, one after another and all at once. */
final class Warm {
  private static final String PLAIN = "bench-plain";
  private static final String DOCKER = "bench-docker";

  private final Caisson caisson;
  private final String image;

  /** How many spare sandboxes there are before each part. */
  private final int stock;

  Warm(Caisson caisson, String image, int stock) {
    this.caisson = caisson;
    this.image = image;
    this.stock = stock;
  }

  /** One sandbox, timed: from the request to the end of its first two commands. */
  record Interactive(double millis, double created, boolean pooled) {}

  void begin() throws Exception {
    caisson.template(PLAIN, image, false, stock);
    caisson.template(DOCKER, image, true, 2);
  }

  void end() throws Exception {
    caisson.forget(PLAIN);
    caisson.forget(DOCKER);
  }

  /** Waits, without being measured, until the pool has all that it keeps. */
  void fill() throws Exception {
    caisson.awaitPool(PLAIN, stock);
  }

  Interactive interactive() throws Exception {
    long from = System.nanoTime();
    Object made = caisson.createFrom(PLAIN);
    double created = (System.nanoTime() - from) / 1e6;
    String id = (String) Json.at(made, "id");
    caisson.exec(id, "true");
    caisson.exec(id, "true");
    double millis = (System.nanoTime() - from) / 1e6;
    caisson.delete(id);
    return new Interactive(millis, created, (Boolean) Json.at(made, "startup", "pooled"));
  }

  /** A sandbox of the pool, by its id. */
  String claim() throws Exception {
    return (String) Json.at(caisson.createFrom(PLAIN), "id");
  }

  /** From the request to the end of {@code docker version}, which asks the daemon. */
  double docker() throws Exception {
    caisson.awaitPool(DOCKER, 1);
    long from = System.nanoTime();
    Object made = caisson.createFrom(DOCKER);
    String id = (String) Json.at(made, "id");
    caisson.exec(id, "docker", "version");
    double millis = (System.nanoTime() - from) / 1e6;
    caisson.delete(id);
    if (!((Boolean) Json.at(made, "startup", "pooled"))) {
      throw new IllegalStateException("it was not from the pool: " + Json.write(made));
    }
    return millis;
  }

  /** So many, of which at most so many at once, however many are ready. */
  List<Interactive> burst(int count, int atOnce) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
      List<Callable<Interactive>> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        calls.add(this::interactive);
      }
      List<Interactive> all = new ArrayList<>();
      for (Future<Interactive> each : threads.invokeAll(calls)) {
        all.add(each.get());
      }
      return all;
    }
  }

  /** What the pools say of themselves. */
  Map<String, Object> status() throws Exception {
    return Json.map(caisson.pool(PLAIN));
  }
}
