package dev.caisson.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.journal.JournalReader;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Codec;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StartBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A supervisor as a process of its own, with the kit's flags, and a way to talk to it. */
public final class SupervisorProcess implements AutoCloseable {
  static final String PATH = "/usr/local/bin:/usr/bin:/bin";

  /** A processor that is only emulated takes longer: kit/arm64.sh. */
  private static final Duration PATIENCE =
      Duration.ofSeconds(Integer.getInteger("caisson.patience", 20));

  private final Path directory;
  private final Process process;

  private SupervisorProcess(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  static SupervisorProcess start() throws Exception {
    return start(Files.createTempDirectory("caisson"), Map.of());
  }

  public static SupervisorProcess start(Path directory, Map<String, String> env) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xss256k",
            "-Xmx24m",
            "-Djdk.virtualThreadScheduler.parallelism=2",
            "-Djdk.virtualThreadScheduler.maxPoolSize=2",
            "-Djdk.nio.maxCachedBufferSize=131072",
            "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", "target/classes", "dev.caisson.supervisor.Main"));
    ProcessBuilder builder = new ProcessBuilder(command);
    Path socket = directory.resolve("supervisor.sock");
    Files.deleteIfExists(socket);
    Map<String, String> environment = new HashMap<>(env);
    environment.putIfAbsent("CAISSON_SANDBOX", "sb-test");
    environment.put("CAISSON_SOCKET", socket.toString());
    environment.put("CAISSON_STATE", directory.resolve("state").toString());
    environment.putIfAbsent("CAISSON_KIT", directory.resolve("kit").toString());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    SupervisorProcess supervisor = new SupervisorProcess(directory, builder.start());
    until("the supervisor's socket", () -> Files.exists(socket) && supervisor.answers());
    return supervisor;
  }

  private boolean answers() {
    try (Connection connection = connect()) {
      return connection.isOpen();
    } catch (IOException e) {
      if (!process.isAlive()) {
        throw new IllegalStateException(log(), e);
      }
      return false;
    }
  }

  /** The same, configured as a sandbox without Docker. */
  public static SupervisorProcess configured() {
    try {
      SupervisorProcess supervisor = start();
      supervisor.configure();
      return supervisor;
    } catch (Exception e) {
      throw new IllegalStateException("no supervisor for these tests", e);
    }
  }

  void configure() throws IOException {
    try (Connection connection = connect()) {
      Message done = ask(connection, configuration());
      if (!(done instanceof Answer.Done)) {
        throw new IOException(String.valueOf(done));
      }
    }
  }

  Request.Configure configuration() {
    return new Request.Configure(
        Map.of("PATH", PATH, "GREETING", "hello"), work().toString(), null, null);
  }

  Path work() {
    return directory.resolve("work");
  }

  Path directory() {
    return directory;
  }

  Path state(Object pid) {
    return directory.resolve("state/processes/" + pid);
  }

  /** Returns what lies on disk of a process: its record, or its entry in the log of the silent. */
  ProcessInfo recorded(long pid) throws IOException {
    Path own = state(pid).resolve("record");
    if (Files.exists(own)) {
      return Codec.decodeRecord(Files.readAllBytes(own), ProcessInfo.class);
    }
    try (JournalReader log = JournalReader.after(state("ended"), 0)) {
      for (Answer.Simple piece = log.next(); piece != null; piece = log.next()) {
        ProcessInfo info = Codec.decodeRecord(((Answer.Output) piece).bytes(), ProcessInfo.class);
        if (info.pid() == pid) {
          return info;
        }
      }
    }
    throw new AssertionError("no record of " + pid);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Connection connect() throws IOException {
    Connection connection =
        new Connection(
            SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("supervisor.sock"))));
    connection.receive();
    return connection;
  }

  static Message ask(Connection connection, Request<?> request) throws IOException {
    connection.send(request);
    return connection.receive();
  }

  static List<Message> stream(Connection connection, Request<?> request) throws IOException {
    connection.send(request);
    List<Message> answers = new ArrayList<>();
    while (true) {
      Message next = connection.receive();
      if (next instanceof Answer.Done) {
        return answers;
      }
      answers.add(next);
      if (next instanceof Answer.Refused) {
        return answers;
      }
    }
  }

  public Message ask(Request<?> request) throws IOException {
    try (Connection connection = connect()) {
      return ask(connection, request);
    }
  }

  List<Message> stream(Request<?> request) throws IOException {
    try (Connection connection = connect()) {
      return stream(connection, request);
    }
  }

  /** Runs to the end; fails if it does not start. */
  Answer.Finished run(String... command) throws IOException {
    return run(command(command));
  }

  Answer.Finished run(Request.Start start) throws IOException {
    return (Answer.Finished) stream(new Request.Run(start, 1 << 20)).get(1);
  }

  public ProcessInfo begin(String... command) throws IOException {
    return (ProcessInfo) ask(command(command));
  }

  ProcessInfo begin(StartBuilder wanted) throws IOException {
    Message answer = ask(wanted.build());
    if (answer instanceof ProcessInfo process) {
      return process;
    }
    throw new IOException(String.valueOf(answer));
  }

  ProcessInfo describe(long pid) {
    try {
      return (ProcessInfo) ask(new Request.Describe(pid));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is on its standard output (or terminal) by now. */
  public String output(long pid) {
    try {
      return text(((Answer.Finished) ask(new Request.Await(pid, 0, 1 << 20))).stdout());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Message write(long pid, long offset, String text, boolean close) throws IOException {
    return ask(new Request.Write(pid, offset, text.getBytes(StandardCharsets.UTF_8), close));
  }

  Answer.Finished await(long pid) throws IOException {
    return (Answer.Finished) ask(new Request.Await(pid, 30_000, 1 << 20));
  }

  static Request.Start command(String... command) {
    return Request.Start.builder(command).build();
  }

  static Request.Start shell(String line) {
    return command("/bin/sh", "-c", line);
  }

  static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }

  /** How a process that must have ended did. */
  static ProcessInfo.Exit exit(ProcessInfo process) {
    return Objects.requireNonNull(process.exit(), "it runs");
  }

  static ProcessInfo.Exit exit(Answer.Finished finished) {
    return exit(finished.process());
  }

  static void assertRefused(Message answer, String code, String part) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    assertThat(((Answer.Refused) answer).code()).isEqualTo(code);
    assertThat(((Answer.Refused) answer).message()).contains(part);
  }

  /** How many descriptors it has open. */
  long descriptors() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
      return files.count();
    }
  }

  /** A figure of its /proc status, such as VmRSS. */
  long status(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException(field);
  }

  /** Its direct children, zombies too. */
  long children() throws IOException {
    return ProcessHandle.of(pid()).orElseThrow().children().count();
  }

  /** Waits for what no event tells a test. */
  public static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain for " + what);
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /** Asks it to end, as the engine does. */
  void terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end: " + log());
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    try {
      if (process.isAlive()) {
        terminate();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
