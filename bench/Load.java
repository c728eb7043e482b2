import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * Many processes and as many followers for minutes, with an exec beside them; one process that all
 * follow; then one that writes a great deal, in turns with the Docker CLI. What a follower gets is
 * compared with what its process must have written, byte for byte.
 */
final class Load {
  private static final String IMAGE = Settings.text("BENCH_IMAGE", "debian:trixie-slim");
  private static final int SANDBOXES = Settings.number("LOAD_SANDBOXES", 10);
  private static final int PROCESSES = Settings.number("LOAD_PROCESSES", 1000);
  private static final int SECONDS = Settings.number("LOAD_SECONDS", 180);
  private static final int CROWD_SECONDS = Settings.number("LOAD_CROWD_SECONDS", 60);
  private static final int PAUSE_MILLIS = Settings.number("LOAD_PAUSE_MILLIS", 500);
  private static final int VOLUME_MIB = Settings.number("LOAD_VOLUME_MIB", 1024);
  private static final int ROUNDS = Settings.number("LOAD_ROUNDS", 3);

  /** The line that every process repeats with its number; and the volume's, without. */
  private static final String PAD = "0123456789abcdef".repeat(5);

  private final Caisson caisson =
      new Caisson(System.getenv("CAISSON_URL"), System.getenv("CAISSON_KEY"));
  private final DockerEngine engine = DockerEngine.ofHost();
  private final long service;
  private final Map<String, String> rows = new LinkedHashMap<>();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong pieces = new AtomicLong();

  private Load() throws IOException {
    service = Cpu.listener(URI.create(System.getenv("CAISSON_URL")).getPort());
  }

  public static void main(String[] args) throws Exception {
    new Load().run();
  }

  private void run() throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp));
    rows.put("measured", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    followers();
    crowd();
    volume();
    write();
    if (!wrong.isEmpty()) {
      wrong.stream().limit(20).forEach(System.err::println);
      System.exit(1);
    }
  }

  /** (a) Each process has one follower: half of them read events, half the raw bytes. */
  private void followers() throws Exception {
    int lines = SECONDS * 1000 / PAUSE_MILLIS;
    say("%d processes in %d sandboxes, a follower each, %d s", PROCESSES, SANDBOXES, SECONDS);
    List<String> sandboxes = new ArrayList<>();
    for (int i = 0; i < SANDBOXES; i++) {
      sandboxes.add(id(caisson.create(IMAGE, false)));
    }
    String beside = id(caisson.create(IMAGE, false));
    caisson.exec(beside, "true");
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      int number = i;
      String sandbox = sandboxes.get(i % SANDBOXES);
      long pid = caisson.start(sandbox, null, "perl", "-e", source(number, lines));
      long written = written(number, lines);
      threads.add(Thread.ofVirtual().start(() -> follow(sandbox, pid, number % 2 == 0, written, () -> {})));
    }
    List<Double> memory = new ArrayList<>();
    Figure.Samples execs = new Figure.Samples();
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    for (long next = System.nanoTime(); System.nanoTime() < end; next += 100_000_000L) {
      long from = System.nanoTime();
      caisson.exec(beside, "true");
      execs.add((System.nanoTime() - from) / 1e6);
      if (execs.size() % 50 == 0) {
        memory.add(Host.privateMegabytes(service));
      }
      Thread.sleep(Math.max(0, (next + 100_000_000L - System.nanoTime()) / 1_000_000));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    int third = Math.max(1, memory.size() / 3);
    rows.put(
        "followers",
        "%d, of them %d wrong; %.1f MB in %d pieces, each byte compared"
            .formatted(PROCESSES, wrong.size(), bytes.get() / 1e6, pieces.get()));
    rows.put("exec of `true` beside them", execs.said());
    rows.put(
        "private memory of the service",
        "%.0f MB in the first third, %.0f MB in the last"
            .formatted(mean(memory.subList(0, third)), mean(memory.subList(memory.size() - third, memory.size()))));
    sandboxes.add(beside);
    for (String sandbox : sandboxes) {
      caisson.delete(sandbox);
    }
  }

  private static String source(int number, int lines) {
    return "$| = 1; for my $i (1..%d) { print \"%d $i %s\\n\"; select undef, undef, undef, %s }"
        .formatted(lines, number, PAD, PAUSE_MILLIS / 1000.0);
  }

  private static long written(int number, int lines) {
    CRC32C written = new CRC32C();
    for (int i = 1; i <= lines; i++) {
      written.update((number + " " + i + " " + PAD + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return written.getValue();
  }

  /**
   * Reads all output of a process as it comes.
   *
   * @param asEvents otherwise as raw bytes
   * @param written the checksum of what the process writes
   * @param listening run when the answer has begun
   */
  private void follow(String sandbox, long pid, boolean asEvents, long written, Runnable listening) {
    CRC32C heard = new CRC32C();
    try {
      if (asEvents) {
        events(sandbox, pid, heard, listening);
      } else {
        try (InputStream raw = caisson.open("/v1/sandboxes/" + sandbox + "/processes/" + pid + "/stdout?follow=true")) {
          listening.run();
          byte[] buffer = new byte[8 << 10];
          for (int n = raw.read(buffer); n >= 0; n = raw.read(buffer)) {
            heard.update(buffer, 0, n);
            bytes.addAndGet(n);
            pieces.incrementAndGet();
          }
        }
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      wrong.add("a follower of process " + pid + " of " + sandbox + ": " + e);
      return;
    }
    if (written != heard.getValue()) {
      wrong.add("a follower had not what process " + pid + " of " + sandbox + " wrote");
    }
  }

  /** Resumes where a stream breaks, as a client does. */
  private void events(String sandbox, long pid, CRC32C heard, Runnable listening) throws IOException, InterruptedException {
    String last = "0";
    while (true) {
      String path = "/v1/sandboxes/" + sandbox + "/processes/" + pid + "/output?follow=true&after=" + last;
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(caisson.open(path), StandardCharsets.UTF_8))) {
        if (last.equals("0")) {
          listening.run();
        }
        String event = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("id:")) {
            last = line.substring(3).strip();
          } else if (line.startsWith("event:")) {
            event = line.substring(6).strip();
            if (event.equals("exit")) {
              return;
            }
          } else if (line.startsWith("data:") && event.equals("output")) {
            byte[] text = ((String) Json.at(Json.parse(line.substring(5)), "data")).getBytes(StandardCharsets.UTF_8);
            heard.update(text);
            bytes.addAndGet(text.length);
            pieces.incrementAndGet();
          }
        }
      }
    }
  }

  /** (b) One process that all follow: half of them read events, half the raw bytes. */
  private void crowd() throws Exception {
    int lines = CROWD_SECONDS * 1000 / PAUSE_MILLIS;
    say("one process, %d followers, %d s", PROCESSES, CROWD_SECONDS);
    String sandbox = id(caisson.create(IMAGE, false));
    int earlier = wrong.size();
    bytes.set(0);
    pieces.set(0);
    // It begins once all of them listen.
    long pid = caisson.start(sandbox, null, "perl", "-e", "until (-e '/tmp/begin') { select undef, undef, undef, 0.1 } " + source(0, lines));
    long written = written(0, lines);
    List<Thread> threads = new ArrayList<>();
    CountDownLatch listening = new CountDownLatch(PROCESSES);
    for (int i = 0; i < PROCESSES; i++) {
      boolean asEvents = i % 2 == 0;
      threads.add(Thread.ofVirtual().start(() -> follow(sandbox, pid, asEvents, written, listening::countDown)));
    }
    if (!listening.await(1, TimeUnit.MINUTES)) {
      throw new IOException(listening.getCount() + " followers are not answered: " + wrong);
    }
    double cpu = Cpu.ofProcess(service);
    long from = System.nanoTime();
    caisson.exec(sandbox, "touch", "/tmp/begin");
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (System.nanoTime() - from) / 1e9;
    double used = Cpu.ofProcess(service) - cpu;
    rows.put(
        "followers of one process",
        "%d, of them %d wrong; %.1f MB in %d pieces, each byte compared"
            .formatted(PROCESSES, wrong.size() - earlier, bytes.get() / 1e6, pieces.get()));
    rows.put(
        "CPU of the service for them",
        "%.2f ms a second and follower, %.0f µs a piece, %.0f ms a MB"
            .formatted(used * 1e3 / seconds / PROCESSES, used * 1e6 / pieces.get(), used * 1e3 / (bytes.get() / 1e6)));
    caisson.delete(sandbox);
  }

  /** (c) One process that writes without a pause, to the journal alone and to a follower. */
  private void volume() throws Exception {
    say("%d MiB through one process, %d rounds", VOLUME_MIB, ROUNDS);
    long size = (long) VOLUME_MIB << 20;
    String writer = "yes " + PAD + " | head -c " + size;
    String sandbox = id(caisson.create(IMAGE, false));
    String container = engine.containerOf(sandbox);
    Path file = Files.createTempFile("caisson-load", ".txt");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> file.toFile().delete()));
    host(writer + " >" + file).waitFor();
    Map<String, Figure.Samples> rates = new LinkedHashMap<>();
    for (int i = 0; i < ROUNDS; i++) {
      rate(rates, "journal, nobody reads", () -> caisson.exec(sandbox, "sh", "-c", writer));
      rate(rates, "one follower, every byte compared", () -> whole(sandbox, writer, size));
      rate(rates, "`cat` of a file into a socket of the host, every byte compared", () -> socket(file, size));
      rate(rates, "`docker run`, json-file, nobody reads", () -> dockerRun("-d", writer));
      rate(rates, "`docker run`, json-file, attached", () -> dockerRun("", writer));
      rate(rates, "`docker exec`, attached", () -> docker("exec", container, "sh", "-c", writer));
    }
    rates.forEach((name, taken) -> rows.put("MB/s: " + name, "%.0f (p50 of %d)".formatted(taken.p50(), ROUNDS)));
    caisson.delete(sandbox);
  }

  private void whole(String sandbox, String writer, long size) throws IOException, InterruptedException {
    long pid = caisson.start(sandbox, (VOLUME_MIB + VOLUME_MIB / 4 + 64) + "Mi", "sh", "-c", writer);
    try (InputStream raw = caisson.open("/v1/sandboxes/" + sandbox + "/processes/" + pid + "/stdout?follow=true")) {
      compare(raw, size);
    }
  }

  /** What the host does without anything between. */
  private void socket(Path file, long size) throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      Process cat = host("cat " + file + " >/dev/tcp/127.0.0.1/" + port);
      try (InputStream raw = Channels.newInputStream(server.accept())) {
        compare(raw, size);
      }
      cat.waitFor();
    }
  }

  private static Process host(String script) throws IOException {
    return new ProcessBuilder("bash", "-c", script).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void compare(InputStream raw, long size) throws IOException {
    byte[] line = (PAD + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] buffer = new byte[256 << 10];
    byte[] written = (PAD + "\n").repeat(buffer.length / line.length + 2).getBytes(StandardCharsets.UTF_8);
    long at = 0;
    for (int n = raw.read(buffer); n >= 0; n = raw.read(buffer)) {
      int from = (int) (at % line.length);
      int differs = Arrays.mismatch(buffer, 0, n, written, from, from + n);
      if (differs >= 0) {
        throw new IOException("byte " + (at + differs) + " is not what was written");
      }
      at += n;
    }
    if (at != size) {
      wrong.add("a follower had " + at + " of " + size + " bytes");
    }
  }

  private void rate(Map<String, Figure.Samples> rates, String name, Work work) throws Exception {
    long from = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - from) / 1e9;
    rates.computeIfAbsent(name, _ -> new Figure.Samples()).add(((long) VOLUME_MIB << 20) / 1e6 / seconds);
  }

  private void dockerRun(String detached, String writer) throws Exception {
    List<String> command = new ArrayList<>(List.of("run", "--label", ByHand.LABEL));
    String name = "caisson-bench-" + ProcessHandle.current().pid();
    command.addAll(List.of("--name", name, "--log-driver", "json-file"));
    if (!detached.isEmpty()) {
      command.add(detached);
    }
    command.addAll(List.of(IMAGE, "sh", "-c", writer));
    try {
      docker(command.toArray(String[]::new));
      if (!detached.isEmpty()) {
        docker("wait", name);
      }
    } finally {
      ByHand.removeAll(engine);
    }
  }

  private static void docker(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    int code =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(String.join(" ", command) + ": exit code " + code);
    }
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  private void write() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# Load: results of one run");
    lines.add("");
    lines.add("What is done, and how, is in [README.md](README.md).");
    lines.add("");
    lines.add("| figure | measured |");
    lines.add("| --- | --- |");
    rows.forEach((name, value) -> lines.add("| " + name + " | " + value + " |"));
    Files.write(Path.of("load.md"), lines);
    Files.writeString(Path.of("load.json"), Json.write(new LinkedHashMap<String, Object>(rows)) + "\n");
    lines.forEach(System.out::println);
  }

  private void cleanUp() {
    try {
      caisson.deleteAll();
      ByHand.removeAll(engine);
    } catch (IOException | InterruptedException e) {
      System.err.println("load: something may be left: " + e);
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static String id(Object sandbox) {
    return (String) Json.at(sandbox, "id");
  }

  private static void say(String what, Object... arguments) {
    System.err.println("load: " + String.format(Locale.ROOT, what, arguments));
  }
}
