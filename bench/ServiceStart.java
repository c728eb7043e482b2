import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A service of its own, with an empty state directory, until it is closed. */
final class ServiceStart implements AutoCloseable {
  private final Path home;
  private final int port;
  private final Process process;
  private double millis;
  private Caisson client;

  private ServiceStart(Path home, int port, Process process) {
    this.home = home;
    this.port = port;
    this.process = process;
  }

  /** From its start to its first answer, asked for every five milliseconds. */
  static double measured() throws Exception {
    try (ServiceStart service = of(Path.of("../target/service").toRealPath())) {
      return service.millis();
    }
  }

  /** The service that is unpacked in this directory, once it answers. */
  static ServiceStart of(Path service) throws Exception {
    Path home = Files.createTempDirectory("caisson-bench");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "@" + service.resolve("java.args"),
                "-jar",
                service.resolve("caisson.jar").toString()));
    Path kit = Path.of("../target/kit.images");
    if (Files.exists(kit)) {
      for (String line : Files.readAllLines(kit)) {
        builder.environment().putIfAbsent(line.replaceFirst("=.*", ""), line.replaceFirst("[^=]*=", ""));
      }
    }
    builder.environment().put("CAISSON_HOME", home.toString());
    builder.environment().put("SERVER_PORT", Integer.toString(port));
    builder.environment().put("LOG_LEVEL", "info");
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    long from = System.nanoTime();
    ServiceStart started = new ServiceStart(home, port, builder.start());
    try {
      started.awaitAnswer(from);
      return started;
    } catch (Exception e) {
      started.close();
      throw e;
    }
  }

  private void awaitAnswer(long from) throws Exception {
    Http http = new Http(() -> SocketChannel.open(new InetSocketAddress("127.0.0.1", port)), "");
    while (!answers(http)) {
      if (!process.isAlive() || System.nanoTime() - from > 300_000_000_000L) {
        throw new IOException("the service did not start");
      }
      Thread.sleep(5);
    }
    millis = (System.nanoTime() - from) / 1e6;
    client = new Caisson("http://127.0.0.1:" + port, Files.readString(home.resolve("admin.key")).strip());
  }

  private static boolean answers(Http http) {
    try {
      return http.call("GET", "/actuator/health/liveness", null).status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** How long it took to answer. */
  double millis() {
    return millis;
  }

  long pid() {
    return process.pid();
  }

  Caisson client() {
    return client;
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    process.waitFor();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
