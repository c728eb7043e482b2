package dev.caisson.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Chunk;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Forge;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The service's end of the wire against a supervisor that lies. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SupervisorLinkTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final List<Forge.Lie> LIES =
      Forge.answers().stream().flatMap(kind -> Forge.lies(kind).stream()).toList();
  private static final long NOW = 1_764_000_000_000_000L;

  @TempDir Path directory;
  private final SandboxId id = SandboxId.random();
  private final AtomicInteger open = new AtomicInteger();
  private LinkBudget budget = new LinkBudget();
  private LyingSupervisor supervisor;
  private SupervisorLink link;

  @BeforeEach
  void begin() throws IOException {
    supervisor = new LyingSupervisor(id, directory, false);
    link = connected();
  }

  @AfterEach
  void end() throws IOException {
    link.close();
    supervisor.close();
  }

  private SupervisorLink connected() throws IOException {
    SupervisorLink fresh = new SupervisorLink(id, supervisor.socket(), words(), budget, open);
    fresh.greet(SOON);
    return fresh;
  }

  private Words words() {
    return new Words(directory.resolve("words"));
  }

  /** One request of every class there is; a new one is missed by {@link #asksEverything}. */
  static List<Request<?>> requests() {
    Request.Start start = Request.Start.builder("a").build();
    return List.of(
        new Request.Configure(Map.of(), "/", null, null),
        new Request.Claim(Map.of(), "/"),
        new Request.Forget(),
        start,
        new Request.Run(start, 1),
        new Request.ListProcesses(),
        new Request.Describe(1),
        new Request.Await(1, 1, 1),
        new Request.Write(1, 0, new byte[1], false, 1),
        new Request.Resize(1, new Request.Terminal(1, 1)),
        new Request.Follow("1", 0, true),
        new Request.Read("1", StreamName.STDOUT, 0, 1, true),
        new Request.Signal(1, "TERM"),
        new Request.End(1, 1),
        new Request.DescribeDaemon(),
        new Request.Daemon(Request.DaemonCommand.START),
        new Request.Watch(),
        new Request.Shutdown(1),
        new Request.Dial("/x", null, 0, 1),
        new Request.DescribeActivity(),
        new Request.Credentials(List.of()),
        new Request.ListListeners(),
        new Request.Introduce(new byte[32]),
        new Request.Prove(new byte[32]),
        new FileRequest.Stat("/"),
        new FileRequest.ListFiles("/", 1),
        new FileRequest.ReadFile("/", 0, -1),
        FileRequest.WriteFile.builder("/").mode(0).build(),
        new FileRequest.MakeDirectory("/", 0755, "root", false, 0),
        new FileRequest.MakeLink("/", "/", false, null),
        new FileRequest.MakeFifo("/", 0, null, 0),
        new FileRequest.FindOwner("root", "root", 0, 0),
        new FileRequest.ChangeFile("/", 0, null, 0),
        new FileRequest.MoveFile("/", "/", false),
        new FileRequest.DeleteFile("/", false),
        new FileRequest.ReadTree("/", false, false),
        new FileRequest.Search("/", "*", null, false, false, List.of(), 1),
        new FileRequest.Search("/", null, "x", false, false, List.of(), 1),
        new FileRequest.WatchFiles("/", true));
  }

  @Test
  void asksEverything() {
    Set<Class<?>> asked = new HashSet<>();
    requests().forEach(request -> asked.add(request.getClass()));

    assertThat(asked).containsAll(records(Request.class));
  }

  private static List<Class<?>> records(Class<?> type) {
    return type.isRecord()
        ? List.of(type)
        : Stream.of(type.getPermittedSubclasses()).flatMap(each -> records(each).stream()).toList();
  }

  /** Asks and reads all there is; what it throws. */
  private @Nullable Throwable asked(Request<?> request) {
    return catchThrowable(() -> {
      switch (request) {
        case Request.Stream<?> stream -> {
          try (Answers<?> answers = link.open(stream)) {
            while (answers.next() != null) {
              assertThat(open.get()).isPositive();
            }
          }
        }
        case Request.Dial dial -> link.dial(dial).close();
        case FileRequest.Upload<?> upload ->
            assertThat(link.send(upload, new ByteArrayInputStream(new byte[1]))).isNotNull();
        default -> assertThat(link.ask(request)).isNotNull();
      }
    });
  }

  /** As an answer: at the end of an upload, and with an end where a sequence goes on. */
  private static void say(Message heard, Connection connection, Class<?> kind, byte[] frame)
      throws IOException {
    if (heard instanceof FileRequest.Upload<?>
        || (heard instanceof Chunk(_, boolean last, _) && !last)) {
      return;
    }
    connection.writeBytes(ByteBuffer.wrap(frame));
    if (heard instanceof Request.Stream<?>
        && kind != Answer.Done.class
        && kind != Answer.Refused.class) {
      connection.send(new Answer.Done());
    }
  }

  /** Every answer there is, each thing wrong with it once, to every request there is. */
  @ParameterizedTest
  @MethodSource("requests")
  void survivesEveryLie(Request<?> request) throws IOException {
    for (Forge.Lie lie : LIES) {
      supervisor.tells((heard, connection) -> {
        say(heard, connection, lie.kind(), lie.frame());
      });
      Throwable thrown = asked(request);
      if (thrown != null) {
        assertThat(thrown).as("%s to %s", lie, request).isInstanceOf(SupervisorException.class);
        assertThat(thrown.getMessage()).doesNotContainPattern("\\p{Cntrl}");
      }
      if (lie.refused()) {
        assertThat(thrown).as("%s to %s", lie, request).isNotNull();
      }
      if (thrown instanceof SupervisorException.Untrusted) {
        // Nothing is left open, and the next hears the same.
        assertThat(open).hasValue(0);
        assertThat(asked(new Request.DescribeActivity())).hasMessage(thrown.getMessage());
        link.close();
        budget = new LinkBudget();
        link = connected();
      }
    }
  }

  /** Of all honest answers, those that a request does not have break the link. */
  @ParameterizedTest
  @MethodSource("requests")
  void takesTheAnswerThatWasAskedForAlone(Request<?> request) throws IOException {
    int taken = 0;
    for (Class<?> kind : Forge.answers()) {
      supervisor.tells((heard, connection) -> {
        say(heard, connection, kind, Forge.frame(Forge.kind(kind), Forge.honest(kind)));
      });
      Throwable thrown = asked(request);
      if (thrown instanceof SupervisorException.Untrusted) {
        assertThat(thrown).hasMessageContaining("does not keep to the format");
        link.close();
        budget = new LinkBudget();
        link = connected();
      } else {
        taken++;
      }
    }
    // Its own kinds, a refusal, and the end where it is a sequence.
    assertThat(taken).isBetween(1, 5);
  }

  /** An honest answer, but for a constant that only a newer version has. */
  private static byte[] newer(Class<?> kind, String constant, String instead) {
    byte[] body = Forge.honest(kind);
    String text = new String(body, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(constant).hasSameSizeAs(text.replace(constant, instead));
    return Forge.frame(
        Forge.kind(kind), text.replace(constant, instead).getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void saysThatANewerSupervisorAnswersWhatIsNotKnownHere() {
    byte[] answer = newer(FileInfo.class, "FILE", "DOOR");
    supervisor.tells(answer);

    assertThatThrownBy(() -> link.ask(new FileRequest.Stat("/")))
        .isInstanceOf(SupervisorException.TooNew.class)
        .hasMessageContaining("unknown constant of Type");
    // What begins with it cannot go on without it; nobody takes that for a lie.
    assertThat(asked(new FileRequest.ReadFile("/", 0, -1)))
        .isInstanceOf(SupervisorException.TooNew.class);
    supervisor.tells((_, connection) -> connection.send(new Answer.Activity(1, 2)));
    assertThat(link.ask(new Request.DescribeActivity())).isEqualTo(new Answer.Activity(1, 2));
  }

  @Test
  void goesOnWhereAListHasWhatIsNotKnownHere() {
    supervisor.tells((_, connection) -> {
      connection.writeBytes(ByteBuffer.wrap(newer(FileInfo.class, "FILE", "DOOR")));
      connection.send(new Answer.Done());
    });

    assertThat(asked(new FileRequest.ListFiles("/", 1))).isNull();
  }

  @Test
  void watchesANewerSupervisorWhoseFirstWordIsNotKnownHere() {
    ProcessInfo process = process(7, "a");
    supervisor.tells((_, connection) -> {
      connection.writeBytes(ByteBuffer.wrap(newer(DaemonStatus.class, "DISABLED", "HOVERING")));
      connection.writeBytes(ByteBuffer.wrap(Forge.frame(250, new byte[] {1})));
      connection.send(process);
    });

    try (Answers<Answer> answers = link.open(new Request.Watch())) {
      assertThat(answers.next()).isEqualTo(process);
    }
  }

  private static DaemonStatus status(DaemonStatus.State state, String reason) {
    ProcessInfo.Exit exit = new ProcessInfo.Exit(0, null, ProcessInfo.Cause.EXITED, NOW);
    return DaemonStatus.builder(state, true, NOW)
        .pid(1)
        .version("v")
        .readyAfterMillis(1)
        .lastExit(exit)
        .reason(reason)
        .build();
  }

  private static ProcessInfo process(long pid, String argument) {
    return ProcessInfo.builder(pid, List.of(argument)).startedAt(NOW).build();
  }

  /** How many bytes were taken before the link broke. */
  private long takenOf(Request.Stream<?> request) {
    long taken = 0;
    try (Answers<?> answers = link.open(request)) {
      for (Answer answer = answers.next(); answer != null; answer = answers.next()) {
        taken +=
            answer instanceof DaemonStatus status && status.reason() != null
                ? status.reason().length()
                : answer instanceof ProcessInfo process ? process.command().getFirst().length() : 1;
      }
    } catch (SupervisorException.Untrusted e) {
      return taken;
    }
    throw new AssertionError("the sequence came to an end");
  }

  @Test
  void keepsLittleOfAnEndlessStatus() {
    String large = "x".repeat(1 << 20);
    supervisor.tells((_, connection) -> {
      for (int i = 0; ; i++) {
        connection.send(
            status(i % 2 == 0 ? DaemonStatus.State.READY : DaemonStatus.State.STARTING, large));
      }
    });

    assertThat(takenOf(new Request.Watch())).isLessThan(1 << 20);
  }

  @Test
  void endsWhatPushesProcessesWithoutEnd() {
    String large = "x".repeat(1 << 20);
    supervisor.tells((_, connection) -> {
      connection.send(status(DaemonStatus.State.READY, ""));
      for (long pid = 2; ; pid++) {
        connection.send(process(pid, large));
      }
    });

    assertThat(takenOf(new Request.Watch())).isLessThan(64 << 20);
  }

  @Test
  void endsAListThatDoesNotEnd() {
    supervisor.tells((_, connection) -> {
      for (long pid = 2; ; pid++) {
        connection.send(process(pid, "x"));
      }
    });

    assertThat(takenOf(new Request.ListProcesses())).isLessThanOrEqualTo(50_000);
  }

  /** A caller's commands can be large, so this breaks no rule. */
  @Test
  void leavesOutWhatIsTooMuchOfAList() {
    String large = "x".repeat(2 << 20);
    AtomicInteger said = new AtomicInteger();
    supervisor.tells((_, connection) -> {
      while (true) {
        connection.send(process(said.incrementAndGet(), large));
      }
    });

    assertThat(asked(new Request.ListProcesses())).isNull();
    assertThat(said).hasValueLessThan(20);
  }

  /** Whoever comes back with a new connection has no more than before. */
  @Test
  void countsOnOverConnections() throws IOException {
    String large = "x".repeat(2 << 20);
    supervisor.tells((_, connection) -> {
      connection.send(status(DaemonStatus.State.READY, ""));
      for (long pid = 2; ; pid++) {
        connection.send(process(pid, large));
      }
    });
    assertThat(takenOf(new Request.Watch())).isGreaterThan(8 << 20);
    link.close();

    link = connected();

    assertThat(takenOf(new Request.Watch())).isLessThan(8 << 20);
  }

  @Test
  void endsWhatSaysNothingThatIsKnown() {
    byte[] unknown = Forge.frame(250, new byte[60 << 10]);
    supervisor.tells((_, connection) -> {
      connection.send(status(DaemonStatus.State.READY, ""));
      while (true) {
        connection.writeBytes(ByteBuffer.wrap(unknown));
      }
    });

    assertThat(takenOf(new Request.Watch())).isZero();
  }

  @Test
  void endsAWatchThatIsEnded() {
    supervisor.tells((_, connection) -> {
      connection.send(status(DaemonStatus.State.READY, ""));
      connection.send(new Answer.Done());
    });

    assertThat(takenOf(new Request.Watch())).isZero();
  }

  @Test
  void tellsWhoeverWaitsOnAnotherConnection() throws Exception {
    supervisor.tells((heard, connection) -> {
      if (heard instanceof Request.Watch) {
        connection.send(status(DaemonStatus.State.READY, ""));
      } else {
        connection.send(new Answer.Written(1));
      }
    });
    try (Answers<Answer> watch = link.open(new Request.Watch())) {
      assertThat(watch.next()).isInstanceOf(DaemonStatus.class);
      List<Throwable> seen = new ArrayList<>();
      Thread waiting = Thread.ofVirtual().start(() -> seen.add(catchThrowable(watch::next)));

      assertThatThrownBy(() -> link.ask(new Request.DescribeActivity()))
          .isInstanceOf(SupervisorException.Untrusted.class);

      assertThat(waiting.join(SOON)).isTrue();
      assertThat(seen).hasOnlyElementsOfType(SupervisorException.Untrusted.class);
    }
  }

  /** The budget of bytes in flight is given back, whatever becomes of a frame. */
  @Test
  void readsOnAfterManyLargeFrames() {
    byte[] piece = new byte[1 << 20];
    supervisor.tells((_, connection) -> {
      for (int i = 0; i < 100; i++) {
        connection.send(new Answer.Bytes((long) i << 20, piece));
      }
      connection.send(new Answer.Done());
    });

    assertThat(asked(new Request.Read("1", StreamName.STDOUT, 0, -1, false))).isNull();
  }

  @Test
  void givesNewsThatWereAskedForTheirRoom() throws Exception {
    List<Answer> news = new ArrayList<>();
    String large = "x".repeat(1 << 20);
    supervisor.tells((heard, connection) -> {
      if (heard instanceof Request.Watch) {
        connection.send(status(DaemonStatus.State.READY, ""));
        for (int i = 0; i < 200; i++) {
          connection.send(process(i + 2, large));
        }
      } else {
        connection.send(process(1, large));
      }
    });
    for (int i = 0; i < 20; i++) {
      assertThat(link.ask(Request.Start.builder(large).background(true).build())).isNotNull();
    }
    try (Answers<Answer> watch = link.open(new Request.Watch())) {
      for (int i = 0; i < 201; i++) {
        Answer next = watch.next();
        if (next instanceof DaemonStatus) {
          news.add(next);
        }
      }
    }

    assertThat(news).hasSize(1);
  }

  @Test
  void knowsAnotherSupervisorFromTheFirst() throws Exception {
    link.close();
    supervisor.close();
    supervisor = new LyingSupervisor(id, directory, true);
    supervisor.tells((heard, connection) -> {
      assertThat(heard).isInstanceOf(Request.Introduce.class);
      connection.send(new Answer.Done());
    });
    link = connected();
    assertThat(directory.resolve("words").resolve(id.value())).hasSize(33);

    // Whoever takes its place cannot know the word: nor may it say that it is from before.
    for (boolean provable : new boolean[] {true, false}) {
      supervisor.close();
      supervisor = new LyingSupervisor(id, directory, provable);
      for (byte[] said :
          List.of(
              Forge.frame(Forge.kind(Answer.Proof.class), Forge.honest(Answer.Proof.class)),
              Forge.frame(Forge.kind(Answer.Done.class), Forge.honest(Answer.Done.class)),
              Forge.frame(Forge.kind(Answer.Refused.class), Forge.honest(Answer.Refused.class)))) {
        supervisor.tells(said);
        assertThatThrownBy(this::connected)
            .isInstanceOf(SupervisorException.Untrusted.class)
            .hasMessageContaining("introduced");
      }
    }
  }

  @Test
  void introducesAgainWhereItIsNotKnownWhetherItWasHeard() throws Exception {
    link.close();
    supervisor.close();
    supervisor = new LyingSupervisor(id, directory, true);
    List<Request.Introduce> heard = new ArrayList<>();
    supervisor.tells((request, connection) -> {
      heard.add((Request.Introduce) request);
      connection.close();
    });
    assertThatThrownBy(this::connected).isInstanceOf(IOException.class);
    supervisor.tells((request, connection) -> {
      heard.add((Request.Introduce) request);
      connection.send(new Answer.Done());
    });

    link = connected();

    assertThat(heard).hasSize(2);
    assertThat(heard.getFirst().word()).isEqualTo(heard.getLast().word());
    assertThatCode(() -> words().forget(id)).doesNotThrowAnyException();
    assertThat(directory.resolve("words")).isEmptyDirectory();
  }

  /** A frame that stops in the middle is given up with whoever asked, and keeps no room. */
  @Tag("slow")
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void givesUpWhatStandsStill() {
    supervisor.tells((_, connection) -> {
      ByteBuffer head = ByteBuffer.allocate(5).putInt(2 << 20);
      connection.writeBytes(head.put((byte) Forge.kind(ProcessInfo.class)).flip());
    });

    assertThat(asked(new Request.Dial("/x", null, 0, 1)))
        .isInstanceOf(SupervisorException.Lost.class);
    assertThat(open).hasValue(0);
  }
}
