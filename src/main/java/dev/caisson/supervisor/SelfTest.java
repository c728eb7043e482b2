package dev.caisson.supervisor;

import dev.caisson.supervisor.process.ProcessEnvironment;
import dev.caisson.supervisor.system.CarrierThreads;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor that talks to itself as the service will. The kit's build trains its AOT cache on
 * it, in an image that need not have any program to start.
 */
final class SelfTest {
  private static final int ROUNDS = 20;
  private static final String CLASS = ".class";

  private final Path directory;

  private SelfTest(Path directory) {
    this.directory = directory;
  }

  static void run() throws Exception {
    loadAll();
    Path directory = Files.createTempDirectory("caisson-self-test");
    try {
      new SelfTest(directory).all();
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Log.info("the self-test has passed");
  }

  /**
   * Loads what a build cannot come by, a daemon's keeper above all: the cache has every class that
   * was loaded, whether it was used or not.
   */
  private static void loadAll() throws IOException, ClassNotFoundException {
    Path jar = Path.of(System.getProperty("java.class.path"));
    if (!Files.isRegularFile(jar)) {
      return;
    }
    try (JarFile classes = new JarFile(jar.toFile())) {
      for (JarEntry entry : Collections.list(classes.entries())) {
        if (entry.getName().endsWith(CLASS)) {
          String name = entry.getName().replace('/', '.');
          Class.forName(
              name.substring(0, name.length() - CLASS.length()),
              false,
              SelfTest.class.getClassLoader());
        }
      }
    }
  }

  private void all() throws Exception {
    Path kit = SupervisorSettings.of(System.getenv()).kit();
    SupervisorSettings settings =
        new SupervisorSettings(
            "self-test", directory.resolve("s.sock"), directory.resolve("state"), kit);
    NameServers.write(
        Map.of(NameServers.VARIABLE, "nameserver 127.0.0.1"), directory.resolve("resolv.conf"));
    CarrierThreads.keep();
    SupervisorContext context = new SupervisorContext(settings, Clock.systemUTC());
    // Trained as well; this sandbox ends otherwise.
    Thread end = Main.end(context);
    Runtime.getRuntime().addShutdownHook(end);
    Runtime.getRuntime().removeShutdownHook(end);
    try (Server server = new Server(context, settings.socket())) {
      Thread.ofPlatform().name("accept").start(() -> accept(server));
      try (Connection connection = connect(settings.socket());
          Connection watching = connect(settings.socket())) {
        watching.send(new Request.Watch());
        expect(watching.receive() instanceof DaemonStatus, "the daemon's status");
        converse(connection);
      }
      DaemonRehearsal.run(directory.resolve("docker"), context.units());
      context.shutdown().run(Duration.ofSeconds(1));
    }
  }

  private static void accept(Server server) {
    try {
      server.run();
    } catch (IOException e) {
      Log.error("the self-test's server failed", "error", e);
    }
  }

  private static Connection connect(Path socket) throws IOException {
    Connection connection = new Connection(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    expect(connection.receive() instanceof Answer.Greeting, "a greeting");
    return connection;
  }

  private void converse(Connection connection) throws IOException {
    ask(connection, new Request.ListProcesses(), Answer.Refused.class);
    ask(connection, new Request.Introduce(new byte[32]), Answer.Done.class);
    ask(connection, new Request.Prove(new byte[32]), Answer.Proof.class);
    Request.Configure configure =
        new Request.Configure(
            Map.of("PATH", ProcessEnvironment.DEFAULT_PATH),
            directory.resolve("work").toString(),
            null,
            null);
    ask(connection, configure, Answer.Done.class);
    for (int round = 0; round < ROUNDS; round++) {
      ask(connection, new Request.Run(start("true"), 1 << 20));
      ask(
          connection,
          new Request.Run(start("sh", "-c", "echo out; echo err >&2; exit 3"), 1 << 20));
      ask(connection, new Request.Run(start("/opt/caisson/launch"), 1 << 20));
      ask(connection, start("nothing-of-this-name"));
    }
    List<Message> listed = ask(connection, new Request.ListProcesses());
    for (Message message : listed) {
      if (message instanceof ProcessInfo process) {
        String key = Long.toString(process.pid());
        ask(connection, new Request.Describe(process.pid()));
        ask(connection, new Request.Await(process.pid(), 5_000, 1 << 10));
        ask(connection, new Request.Follow(key, 0, true));
        ask(connection, new Request.Read(key, StreamName.STDOUT, 0, -1, true));
      }
    }
    if (ask(connection, start("sleep", "100")).getFirst() instanceof ProcessInfo sleeping) {
      ask(connection, new Request.Signal(sleeping.pid(), "USR1"));
      ask(connection, new Request.End(sleeping.pid(), 1_000));
    }
    converse(connection, new Request.Terminal(24, 80));
    ask(connection, new Request.DescribeDaemon());
    // Refused while something is still ending, which trains as well.
    ask(connection, new Request.Forget());
    ask(
        connection,
        new Request.Claim(
            Map.of("PATH", ProcessEnvironment.DEFAULT_PATH),
            directory.resolve("claimed").toString()));
    ask(connection, new Request.Daemon(Request.DaemonCommand.START), Answer.Refused.class);
  }

  /**
   * Does what people and agents do with what runs: type, resize, wait until it is ready, start
   * again.
   */
  private static void converse(Connection connection, Request.Terminal terminal)
      throws IOException {
    for (int round = 0; round < ROUNDS / 4; round++) {
      Request.Start cat = interactive(round % 2 == 0 ? terminal : null, "cat");
      if (ask(connection, cat).getFirst() instanceof ProcessInfo reading) {
        long pid = reading.pid();
        byte[] line = "a line\n".getBytes(StandardCharsets.UTF_8);
        ask(connection, new Request.Write(pid, -1, line, false));
        ask(connection, new Request.Resize(pid, new Request.Terminal(50, 132)));
        ask(connection, new Request.Await(pid, 5_000, 0, true));
        ask(connection, new Request.Write(pid, -1, new byte[0], true));
        ask(connection, new Request.Await(pid, 5_000, 1 << 10));
        ask(connection, new Request.End(pid, 1_000, true));
      }
    }
  }

  /**
   * Creates a start with a readiness that looks at everything, and fails, since nothing listens
   * there.
   */
  private static Request.Start interactive(Request.@Nullable Terminal terminal, String... command) {
    return Request.Start.builder(command)
        .timeoutMillis(10_000)
        .name("self-test")
        .terminal(terminal)
        .openInput(true)
        .restart(Request.RestartPolicy.ON_FAILURE)
        .readiness(new Request.Readiness(1, "/", "a", 1, 100))
        .build();
  }

  private static Request.Start start(String... command) {
    return Request.Start.builder(command)
        .env(Map.of("SELF_TEST", "1"))
        .stdin("input\n".getBytes(StandardCharsets.UTF_8))
        .timeoutMillis(10_000)
        .build();
  }

  private static List<Message> ask(Connection connection, Request<?> request) throws IOException {
    connection.send(request);
    List<Message> answers = new ArrayList<>();
    do {
      answers.add(connection.receive());
    } while (request instanceof Request.Stream
        && !(answers.getLast() instanceof Answer.Done)
        && !(answers.getLast() instanceof Answer.Refused));
    return answers;
  }

  private static void ask(Connection connection, Request<?> request, Class<?> last)
      throws IOException {
    Message answer = ask(connection, request).getLast();
    // What it was is named by its type: the text of a record is made by generated code.
    expect(last.isInstance(answer), last.getSimpleName() + " instead of " + answer.getClass());
  }

  private static void expect(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("the self-test expects " + what);
    }
  }
}
