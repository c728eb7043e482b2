import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What many idle sandboxes cost, and whether anything grows while the work of days is done in
 * chunks: sandboxes that are made, used and removed, and commands in one that stays.
 */
final class Soak {
  private static final String IMAGE = Settings.text("BENCH_IMAGE", "debian:trixie-slim");
  private static final List<String> PARTS = Arrays.asList(Settings.text("SOAK_PARTS", "density,soak").split(","));
  private static final int PLAIN = Settings.number("SOAK_PLAIN", 200);
  private static final int DOCKER = Settings.number("SOAK_DOCKER", 50);
  private static final int IDLE_SECONDS = Settings.number("SOAK_IDLE_SECONDS", 30);
  private static final int CHUNKS = Settings.number("SOAK_CHUNKS", 50);
  private static final int CREATES = Settings.number("SOAK_CREATES", 1_000);
  private static final int EXECS = Settings.number("SOAK_EXECS", 20_000);
  private static final int CALLERS = Settings.number("SOAK_CALLERS", 4);
  private static final String TEMPLATE = "soak";

  private final URI url = URI.create(System.getenv("CAISSON_URL"));
  private final Caisson caisson = new Caisson(url.toString(), System.getenv("CAISSON_KEY"));
  private final DockerEngine engine = DockerEngine.ofHost();
  private final Path state = Path.of(Settings.text("CAISSON_HOME", "/var/lib/caisson"));
  private final List<String> lines = new ArrayList<>();
  private final long service;

  private Soak() throws IOException {
    service = Cpu.listener(url.getPort());
  }

  public static void main(String[] arguments) throws Exception {
    new Soak().run();
  }

  private void run() throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp));
    lines.add("# Soak: results of one run");
    lines.add("");
    lines.add("What is done, and how, is in [README.md](README.md).");
    lines.add("");
    lines.add("* measured: " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
    lines.add("* load at the start: " + Host.load());
    lines.add("");
    if (PARTS.contains("density")) {
      lines.add("| idle | MB each, private | MB each, of the host's | service grows by | CPU of all, ms a second each"
          + " | CPU of the host, share of a processor | made in |");
      lines.add("| --- | --- | --- | --- | --- | --- | --- |");
      density("sandboxes", PLAIN, false);
      density("sandboxes with Docker", DOCKER, true);
      lines.add("");
    }
    if (PARTS.contains("soak")) {
      soak();
    }
    Files.write(Path.of("soak.md"), lines);
    lines.forEach(System.out::println);
  }

  /** So many that do nothing. */
  private void density(String name, int count, boolean docker) throws Exception {
    say("%d idle %s", count, name);
    double available = Host.availableMegabytes();
    double before = Host.privateMegabytes(service);
    long from = System.nanoTime();
    List<String> sandboxes =
        together(
            count,
            () -> {
              String id = id(caisson.create(IMAGE, docker));
              if (docker) {
                caisson.awaitDocker(id);
              }
              return id;
            });
    double seconds = (System.nanoTime() - from) / 1e9;
    Thread.sleep(IDLE_SECONDS * 1000L);
    double taken = available - Host.availableMegabytes();
    double grown = Host.privateMegabytes(service) - before;
    List<Long> processes = new ArrayList<>();
    for (String sandbox : sandboxes) {
      processes.addAll(engine.processes(engine.containerOf(sandbox)).keySet());
    }
    double memory = 0;
    for (long process : processes) {
      memory += Host.privateMegabytes(process);
    }
    double ofSandboxes = cpu(processes);
    double ofHost = Host.cpuSeconds();
    long measured = System.nanoTime();
    Thread.sleep(IDLE_SECONDS * 1000L);
    double idle = (System.nanoTime() - measured) / 1e9;
    lines.add(
        String.format(
            Locale.ROOT,
            "| %d %s | %.1f | %.1f | %.0f MB | %.2f | %.2f | %.0f s |",
            count,
            name,
            memory / count,
            taken / count,
            grown,
            (cpu(processes) - ofSandboxes) * 1e3 / count / idle,
            (Host.cpuSeconds() - ofHost) / idle,
            seconds));
    remove(sandboxes);
  }

  private static double cpu(List<Long> processes) throws IOException {
    double seconds = 0;
    for (long process : processes) {
      seconds += Cpu.ofProcess(process);
    }
    return seconds;
  }

  private void soak() throws Exception {
    String stays = id(caisson.createWith(IMAGE, 2));
    long supervisor = supervisor(stays);
    caisson.template(TEMPLATE, IMAGE, false, CALLERS);
    caisson.awaitPool(TEMPLATE, CALLERS);
    lines.add("| chunk | load | create and one command, p50, p99 ms | exec of `true`, p50, p99 ms | service, MB, descriptors"
        + " | supervisor, MB, descriptors | containers | state directory, MB, files |");
    lines.add("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (int chunk = 1; chunk <= CHUNKS; chunk++) {
      say("chunk %d of %d: %d sandboxes, %d commands", chunk, CHUNKS, CREATES, EXECS);
      Figure.Samples creates = new Figure.Samples();
      together(
          CREATES,
          () -> {
            long from = System.nanoTime();
            String id = id(caisson.createFrom(TEMPLATE));
            caisson.exec(id, "true");
            creates.add((System.nanoTime() - from) / 1e6);
            caisson.delete(id);
            return id;
          });
      caisson.awaitPool(TEMPLATE, CALLERS);
      Figure.Samples execs = new Figure.Samples();
      together(
          EXECS,
          () -> {
            long from = System.nanoTime();
            caisson.exec(stays, "true");
            execs.add((System.nanoTime() - from) / 1e6);
            return stays;
          });
      Directory directory = new Directory();
      Files.walkFileTree(state, directory);
      lines.add(
          String.format(
              Locale.ROOT,
              "| %d | %s | %s, %s | %s, %s | %.0f, %d | %.0f, %d | %d | %.0f, %d |",
              chunk,
              Host.load(),
              Figure.Samples.millis(creates.p50()),
              Figure.Samples.millis(creates.percentile(0.99)),
              Figure.Samples.millis(execs.p50()),
              Figure.Samples.millis(execs.percentile(0.99)),
              Host.privateMegabytes(service),
              Host.descriptors(service),
              Host.privateMegabytes(supervisor),
              Host.descriptors(supervisor),
              engine.labelled("dev.caisson.sandbox").size(),
              directory.bytes / 1e6,
              directory.files));
      say("%s", lines.getLast());
    }
    caisson.forget(TEMPLATE);
    caisson.delete(stays);
  }

  private long supervisor(String sandbox) throws IOException {
    return engine.processes(engine.containerOf(sandbox)).entrySet().stream()
        .filter(process -> process.getValue().equals("java"))
        .mapToLong(process -> process.getKey())
        .findFirst()
        .orElseThrow();
  }

  /** Regular files below a directory, and the bytes in them; those that go meanwhile are left out. */
  private static final class Directory extends SimpleFileVisitor<Path> {
    private long files;
    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        files++;
        bytes += attributes.size();
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }

  private void remove(List<String> sandboxes) throws Exception {
    AtomicInteger next = new AtomicInteger();
    together(
        sandboxes.size(),
        () -> {
          String id = sandboxes.get(next.getAndIncrement());
          caisson.delete(id);
          return id;
        });
  }

  /** So many calls by as many callers as there are. */
  private static List<String> together(int count, Callable<String> call) throws Exception {
    List<String> answers = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      for (Future<String> one : callers.invokeAll(Collections.nCopies(count, call))) {
        answers.add(one.get());
      }
    }
    return answers;
  }

  private void cleanUp() {
    try {
      caisson.deleteAll();
    } catch (IOException | InterruptedException e) {
      System.err.println("soak: something may be left: " + e);
    }
  }

  private static String id(Object sandbox) {
    return (String) Json.at(sandbox, "id");
  }

  private static void say(String what, Object... arguments) {
    System.err.println("soak: " + String.format(Locale.ROOT, what, arguments));
  }
}
