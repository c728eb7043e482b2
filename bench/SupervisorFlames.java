import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A flame graph of the supervisor while it executes {@code true}: on the host, since it lets nobody
 * attach in a sandbox, with the kit's flags but for its AOT cache.
 */
final class SupervisorFlames {
  private static final int EXECS = Settings.number("FLAME_EXECS", 5_000);

  private SupervisorFlames() {}

  /**
   * @param arguments the profiler's library, the directory to draw in, the supervisor's jar, its
   *     arguments, and its library of calls
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("caisson-flame");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String line : Files.readAllLines(Path.of(arguments[3]))) {
      if (!line.matches("#.*|-XX:AOTCache=.*|-XX:[+]DisableAttachMechanism|-Dcaisson.calls=.*|-cp|/opt/.*|dev.caisson.*")) {
        command.add(line);
      }
    }
    command.addAll(List.of("-Dcaisson.calls=" + arguments[4], "-cp", arguments[2], "dev.caisson.supervisor.Main"));
    Path socket = directory.resolve("supervisor.sock");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(Map.of("CAISSON_SANDBOX", "sb-flame", "CAISSON_SOCKET", socket.toString(), "CAISSON_STATE",
        directory.resolve("state").toString(), "CAISSON_KIT", directory.resolve("kit").toString()));
    builder.redirectOutput(directory.resolve("log").toFile());
    Process supervisor = builder.start();
    try (Connection connection = connect(supervisor, socket)) {
      connection.receive();
      connection.send(new Request.Configure(Map.of("PATH", "/usr/bin:/bin"), directory.resolve("work").toString(), null, null));
      connection.receive();
      execs(connection, EXECS);
      new Profiler(arguments[0], Path.of(arguments[1])).draw(
          supervisor.pid(), "exec-supervisor", "The supervisor in " + EXECS + " execs of true", () -> execs(connection, EXECS));
    } finally {
      supervisor.destroyForcibly().waitFor();
      Process remove = new ProcessBuilder("rm", "-rf", directory.toString()).start();
      remove.waitFor();
    }
  }

  private static Connection connect(Process supervisor, Path socket) throws Exception {
    while (true) {
      try {
        return new Connection(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
      } catch (IOException e) {
        if (!supervisor.isAlive()) {
          throw new IOException(Files.readString(socket.resolveSibling("log")), e);
        }
        Thread.sleep(20);
      }
    }
  }

  private static void execs(Connection connection, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      connection.send(new Request.Run(Request.Start.builder("true").build(), 1 << 20));
      for (Message answer = connection.receive(); !(answer instanceof Answer.Done); answer = connection.receive()) {
        if (answer instanceof Answer.Refused) {
          throw new IOException(answer.toString());
        }
      }
    }
  }
}
