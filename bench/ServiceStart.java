import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Starts a service of its own, with an empty state directory, and ends it. */
final class ServiceStart {
  private ServiceStart() {}

  /** From its start to its first answer, asked for every five milliseconds. */
  static double millis() throws Exception {
    Path home = Files.createTempDirectory("caisson-bench");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path service = Path.of("../target/service").toRealPath();
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "@" + service.resolve("java.args"),
                "-jar",
                service.resolve("caisson.jar").toString()));
    builder.environment().put("CAISSON_HOME", home.toString());
    builder.environment().put("SERVER_PORT", Integer.toString(port));
    builder.environment().put("LOG_LEVEL", "info");
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Http http =
        new Http(() -> SocketChannel.open(new InetSocketAddress("127.0.0.1", port)), "");
    long from = System.nanoTime();
    Process process = builder.start();
    try {
      while (!answers(http)) {
        if (!process.isAlive() || System.nanoTime() - from > 120_000_000_000L) {
          throw new IOException("the service did not start");
        }
        Thread.sleep(5);
      }
      return (System.nanoTime() - from) / 1e6;
    } finally {
      process.destroy();
      process.waitFor();
      try (Stream<Path> files = Files.walk(home)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static boolean answers(Http http) {
    try {
      return http.call("GET", "/actuator/health/liveness", null).status() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
