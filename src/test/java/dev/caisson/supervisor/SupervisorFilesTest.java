package dev.caisson.supervisor;

import static dev.caisson.supervisor.SupervisorProcess.ask;
import static dev.caisson.supervisor.SupervisorProcess.shell;
import static dev.caisson.supervisor.SupervisorProcess.stream;
import static dev.caisson.supervisor.SupervisorProcess.text;
import static dev.caisson.supervisor.SupervisorProcess.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Answer.Changed.Kind;
import dev.caisson.supervisor.wire.Chunk;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a supervisor does with files, asked as the service asks. */
@Timeout(60)
@Tag("root")
class SupervisorFilesTest {
  @AutoClose private static SupervisorProcess supervisor;

  @BeforeAll
  static void start() {
    supervisor = SupervisorProcess.configured();
  }

  private static int round;

  private Path directory;

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createDirectories(supervisor.directory().resolve("files-" + ++round));
  }

  @Test
  void aFileComesBackAsItWasWritten() throws Exception {
    byte[] content = new byte[1_000_001];
    new Random(11).nextBytes(content);

    FileInfo written = (FileInfo) write(writing("a"), content);

    assertThat(written.type()).isEqualTo(FileInfo.Type.FILE);
    assertThat(written.size()).isEqualTo(content.length);
    assertThat(written.mode()).isEqualTo(0644);
    assertThat(written.owner()).isEqualTo("root");
    assertThat(written.replaced()).isFalse();
    assertThat(read("a", 0, -1)).isEqualTo(content);
    assertThat(read("a", 999_999, -1)).hasSize(2);
    assertThat(read("a", -3, -1)).hasSize(3);
    assertThat(read("a", 5, 4)).containsExactly(content[5], content[6], content[7], content[8]);
    assertThat(read("a", 1_000_001, -1)).isEmpty();
  }

  @Test
  void aFileThatIsReplacedKeepsModeAndOwnerUnlessToldOtherwise() throws Exception {
    write(
        FileRequest.WriteFile.builder(path("a"))
            .mode(04750)
            .owner("1234:2345")
            .overwrite(true)
            .modifiedAt(1_000_000_123L)
            .build(),
        bytes("one"));
    FileInfo first = stat("a");
    assertThat(first.mode()).isEqualTo(04750);
    assertThat(first.uid()).isEqualTo(1234);
    assertThat(first.gid()).isEqualTo(2345);
    assertThat(first.modifiedAt()).isEqualTo(1_000_000_123L);

    FileInfo second = (FileInfo) write(writing("a"), bytes("two"));
    assertThat(second.replaced()).isTrue();
    assertThat(second.mode()).isEqualTo(04750);
    assertThat(second.uid()).isEqualTo(1234);
    assertThat(Files.readString(directory.resolve("a"))).isEqualTo("two");
  }

  @Test
  void aWriteReplacesALinkAndMakesMissingDirectories() throws Exception {
    Files.writeString(directory.resolve("target"), "kept");
    Files.createSymbolicLink(directory.resolve("link"), Path.of("target"));
    write(writing("link"), bytes("new"));
    assertThat(Files.readString(directory.resolve("target"))).isEqualTo("kept");
    assertThat(Files.isSymbolicLink(directory.resolve("link"))).isFalse();

    assertThat(write(writing("x/y/z"), bytes("deep"))).extracting("code").isEqualTo("ENOENT");
    write(
        FileRequest.WriteFile.builder(path("x/y/z"))
            .owner("1000")
            .parents(true)
            .overwrite(true)
            .build(),
        bytes("deep"));
    assertThat(Files.readString(directory.resolve("x/y/z"))).isEqualTo("deep");
    assertThat(stat("x/y").uid()).isEqualTo(1000);
  }

  @Test
  void whatIsThereIsNotOverwrittenWhereThatIsNotAllowed() throws Exception {
    Files.writeString(directory.resolve("a"), "first");
    FileRequest.WriteFile once = FileRequest.WriteFile.builder(path("a")).build();

    assertThat(write(once, bytes("second"))).extracting("code").isEqualTo("EEXIST");
    assertThat(Files.readString(directory.resolve("a"))).isEqualTo("first");
  }

  @Test
  void aWriteThatBreaksOffLeavesNothing() throws Exception {
    Files.writeString(directory.resolve("a"), "before");
    try (Connection connection = supervisor.connect()) {
      connection.send(writing("a"));
      connection.send(new Chunk(new byte[100_000], false));
      until("the temporary", () -> names().size() == 2);
      Path part = directory.resolve(names().getFirst());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(part)))
          .isEqualTo("rw-------");
      assertThat(list(path(""), 1)).extracting(FileInfo::path).containsExactly(path("a"));
    }
    until("its removal", () -> names().equals(List.of("a")));
    assertThat(Files.readString(directory.resolve("a"))).isEqualTo("before");
  }

  @Test
  void aRefusalEndsTheConnectionOfItsContent() throws Exception {
    try (Connection connection = supervisor.connect()) {
      connection.send(writing("no/such"));
      Message answer = connection.receive();
      assertThat(answer).extracting("code").isEqualTo("ENOENT");
      assertThatThrownBy(connection::receive).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whereNothingCanBeWrittenThatIsSaid() throws Exception {
    assertThat(write(FileRequest.WriteFile.builder("/dev/full").build(), bytes("x")))
        .extracting("code")
        .isEqualTo("EEXIST");
    assertThat(write(FileRequest.WriteFile.builder("/proc/x").overwrite(true).build(), bytes("x")))
        .isInstanceOf(Answer.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space",
        "new\nline",
        "grüße-日本-🙂",
        "-rf",
        "*",
        "a'b\"c",
        "back\\slash",
        "tab\there"
      })
  void everyNameIsRight(String name) throws Exception {
    write(writing(name), bytes("x"));

    assertThat(list(path(""), 1)).extracting(FileInfo::path).containsExactly(path(name));
    assertThat(supervisor.run(shell("cd '" + directory + "' && ls | wc -c")).stdout())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo((bytes(name).length + 1) + "\n");
    assertThat(read(name, 0, -1)).isEqualTo(bytes("x"));
    done(new FileRequest.DeleteFile(path(name), false));
    assertThat(list(path(""), 1)).isEmpty();
  }

  @Test
  void namesThatAreNoUtf8BreakNothing() throws Exception {
    supervisor.run(
        shell(
            "cd '"
                + directory
                + "' && d=$(printf 'd\\377') && mkdir \"$d\" && echo hi >"
                + " \"$d/$(printf 'f\\200')\""));

    assertThat(list(path(""), 2))
        .extracting(FileInfo::path)
        .containsExactly(path("d\uDBFF\uDFFF"), path("d\uDBFF\uDFFF/f\uDBFF\uDF80"));
    assertThat(supervisor.ask(new FileRequest.Stat(path("d\uDBFF\uDFFF/f\uDBFF\uDF80"))))
        .isInstanceOf(FileInfo.class);
    assertThat(tree(path("")).stream().filter(Answer.Bytes.class::isInstance)).hasSize(1);
    done(new FileRequest.DeleteFile(path(""), true));
    assertThat(directory).doesNotExist();
  }

  @Test
  void veryLongNamesAreRefusedAndDeepTreesAreNot() throws Exception {
    assertThat(write(writing("x".repeat(256)), bytes("x")))
        .extracting("code")
        .isEqualTo("ENAMETOOLONG");
    write(writing("x".repeat(255)), bytes("x"));
    for (String half : List.of("one", "two")) {
      String deep = "mkdir -p " + half + ("/" + "d".repeat(100)).repeat(30);
      supervisor.run(shell("cd '" + directory + "' && " + deep));
    }
    // Longer than any path that the kernel takes.
    String inner = path("one" + ("/" + "d".repeat(100)).repeat(30) + "/two");
    assertThat(supervisor.ask(new FileRequest.MoveFile(path("two"), inner, false)))
        .isInstanceOf(FileInfo.class);

    assertThat(list(path(""), 1000)).hasSize(63);
    done(new FileRequest.DeleteFile(path(""), true));
    assertThat(directory).doesNotExist();
  }

  @Test
  void whatIsNoPlainFileIsNotRead() throws Exception {
    supervisor.run(shell("mkfifo '" + directory + "/fifo'"));
    assertThat(code(new FileRequest.ReadFile(path("fifo"), 0, -1))).isEqualTo("NOT_A_FILE");
    assertThat(code(new FileRequest.ReadFile("/dev/zero", 0, -1))).isEqualTo("NOT_A_FILE");
    assertThat(code(new FileRequest.ReadFile(path(""), 0, -1))).isEqualTo("EISDIR");
    assertThat(code(new FileRequest.ReadFile(path("no"), 0, -1))).isEqualTo("ENOENT");
    assertThat(code(new FileRequest.ReadFile("relative", 0, -1))).isEqualTo("EINVAL");
    assertThat(stat("fifo").type()).isEqualTo(FileInfo.Type.FIFO);
    assertThat(code(new FileRequest.ListFiles(path("fifo"), 1))).isEqualTo("ENOTDIR");
  }

  @Test
  void aFileThatTheKernelMakesUpIsReadToItsEnd() throws Exception {
    List<Message> answers = supervisor.stream(new FileRequest.ReadFile("/proc/self/status", 0, -1));
    assertThat(((FileInfo) answers.getFirst()).size()).isZero();
    assertThat(text(((Answer.Bytes) answers.get(1)).bytes())).startsWith("Name:");
  }

  @Test
  void listsInOrderAndAsDeepAsAsked() throws Exception {
    for (String name : List.of("b", "a/2", "a/1", "a/d/x", "c")) {
      write(
          FileRequest.WriteFile.builder(path(name)).parents(true).overwrite(true).build(),
          bytes(name));
    }
    Files.createSymbolicLink(directory.resolve("a/loop"), Path.of(".."));

    assertThat(list(path(""), 2))
        .extracting(file -> file.path().substring(path("").length()))
        .containsExactly("a", "a/1", "a/2", "a/d", "a/loop", "b", "c");
    assertThat(list(path("a/loop/"), 1)).hasSize(3);
    assertThat(list(path("a"), 1).get(3).target()).isEqualTo("..");
  }

  @Tag("slow")
  @Test
  void aDirectoryOfVeryManyIsListedInConstantMemory() throws Exception {
    supervisor.run(
        shell(
            "cd '"
                + directory
                + "' && seq 1 30000 | sed 's/^/"
                + "n".repeat(60)
                + "/' | xargs touch"));
    assertThat(list(path(""), 1)).hasSize(30_000);
    done(new FileRequest.DeleteFile(path(""), true));
    assertThat(directory).doesNotExist();
  }

  @Test
  void makesDirectoriesLinksAndFifos() throws Exception {
    FileInfo made =
        (FileInfo)
            supervisor.ask(new FileRequest.MakeDirectory(path("d/e"), 02775, "1000:7", true, 0));
    assertThat(made.mode()).isEqualTo(02775);
    assertThat(made.gid()).isEqualTo(7);
    assertThat(stat("d").uid()).isEqualTo(1000);
    assertThat(code(new FileRequest.MakeDirectory(path("d"), -1, null, false, 0)))
        .isEqualTo("EEXIST");
    assertThat(
            ((FileInfo) supervisor.ask(new FileRequest.MakeDirectory(path("d"), -1, null, true, 0)))
                .replaced())
        .isTrue();

    write(writing("f"), bytes("x"));
    assertThat(supervisor.ask(new FileRequest.MakeLink(path("l"), "no where", false, "5")))
        .extracting("target", "uid")
        .containsExactly("no where", 5L);
    supervisor.ask(new FileRequest.MakeLink(path("h"), path("f"), true, null));
    assertThat(Files.getAttribute(directory.resolve("f"), "unix:nlink")).isEqualTo(2);
    assertThat(supervisor.ask(new FileRequest.MakeFifo(path("p"), 0620, null, 0)))
        .extracting("mode")
        .isEqualTo(0620);
    assertThat(code(new FileRequest.MakeLink(path("l"), "x", false, null))).isEqualTo("EEXIST");
    assertThat(code(new FileRequest.MakeDirectory(path("n"), -1, "nobody-here", false, 0)))
        .isEqualTo("NO_SUCH_USER");
  }

  @Test
  void changesModeOwnerAndTimeOfWhatIsMeantAlone() throws Exception {
    write(writing("f"), bytes("x"));
    Files.createSymbolicLink(directory.resolve("l"), Path.of("f"));

    supervisor.ask(new FileRequest.ChangeFile(path("f"), 06711, "12:13", 5_000_001L));
    assertThat(stat("f"))
        .extracting("mode", "uid", "gid", "modifiedAt")
        .containsExactly(06711, 12L, 13L, 5_000_001L);
    supervisor.ask(new FileRequest.ChangeFile(path("l"), -1, "99:98", 0));
    assertThat(stat("l").uid()).isEqualTo(99);
    assertThat(stat("f").uid()).isEqualTo(12);
    assertThat(code(new FileRequest.ChangeFile(path("l"), 0600, null, 0))).isEqualTo("EOPNOTSUPP");
  }

  @Test
  void movesWithinAFileSystemAndAcross() throws Exception {
    write(
        FileRequest.WriteFile.builder(path("d/f"))
            .mode(0640)
            .owner("5:6")
            .parents(true)
            .overwrite(true)
            .modifiedAt(7_000_000L)
            .build(),
        bytes("x"));
    Files.createSymbolicLink(directory.resolve("d/l"), Path.of("f"));
    write(writing("other"), bytes("other"));

    assertThat(code(new FileRequest.MoveFile(path("other"), path("d/f"), false)))
        .isEqualTo("EEXIST");
    assertThat(code(new FileRequest.MoveFile(path("no"), path("d/f"), true))).isEqualTo("ENOENT");
    assertThat(code(new FileRequest.MoveFile(path("d"), path("d/in"), true))).isEqualTo("EINVAL");
    Path elsewhere = Files.createTempDirectory(Path.of("/dev/shm"), "caisson");
    try {
      String to = elsewhere + "/moved";
      assertThat(supervisor.ask(new FileRequest.MoveFile(path("d"), to, false)))
          .isInstanceOf(FileInfo.class);
      assertThat(directory.resolve("d")).doesNotExist();
      assertThat(Files.readString(elsewhere.resolve("moved/l"))).isEqualTo("x");
      FileInfo moved = (FileInfo) supervisor.ask(new FileRequest.Stat(to + "/f"));
      assertThat(moved)
          .extracting("mode", "uid", "gid", "modifiedAt")
          .containsExactly(0640, 5L, 6L, 7_000_000L);
      assertThat(code(new FileRequest.MoveFile(to, path("other"), false))).isEqualTo("EEXIST");
      supervisor.ask(new FileRequest.MoveFile(to, path("back"), false));
      assertThat(names()).containsExactlyInAnyOrder("back", "other");
      try (Stream<Path> left = Files.list(elsewhere)) {
        assertThat(left).isEmpty();
      }
    } finally {
      Files.deleteIfExists(elsewhere);
    }
  }

  @Test
  void deletesWhatIsMeantAndFollowsNoLink() throws Exception {
    Path outside = Files.createDirectories(supervisor.directory().resolve("outside-" + round));
    Files.writeString(outside.resolve("kept"), "x");
    write(
        FileRequest.WriteFile.builder(path("d/e/f")).parents(true).overwrite(true).build(),
        bytes("x"));
    Files.createSymbolicLink(directory.resolve("d/e/out"), outside);

    assertThat(code(new FileRequest.DeleteFile(path("d"), false))).isEqualTo("ENOTEMPTY");
    done(new FileRequest.DeleteFile(path("d"), true));
    assertThat(names()).isEmpty();
    assertThat(outside.resolve("kept")).exists();
    assertThat(code(new FileRequest.DeleteFile(path("d"), true))).isEqualTo("ENOENT");
    assertThat(code(new FileRequest.DeleteFile("/", true))).isEqualTo("EBUSY");
    assertThat(code(new FileRequest.DeleteFile(path("."), true))).isEqualTo("EINVAL");
  }

  @Test
  void aTreeIsReadWithItsContent() throws Exception {
    write(
        FileRequest.WriteFile.builder(path("a/big")).parents(true).overwrite(true).build(),
        new byte[300_000]);
    write(writing("b"), bytes(""));
    Files.createSymbolicLink(directory.resolve("c"), Path.of("a/big"));

    List<Message> answers = tree(path(""));

    assertThat(answers.stream().filter(FileInfo.class::isInstance).map(f -> ((FileInfo) f).path()))
        .containsExactly(directory.toString(), path("a"), path("a/big"), path("b"), path("c"));
    assertThat(
            answers.stream()
                .filter(Answer.Bytes.class::isInstance)
                .mapToLong(b -> ((Answer.Bytes) b).bytes().length)
                .sum())
        .isEqualTo(300_000);
  }

  @Test
  void findsFilesByNameAndLinesByText() throws Exception {
    write(
        FileRequest.WriteFile.builder(path("src/Main.java")).parents(true).overwrite(true).build(),
        bytes("one\r\nTwo TODO x\nthree\nTODO at the end"));
    write(
        FileRequest.WriteFile.builder(path("src/skip/Other.java"))
            .parents(true)
            .overwrite(true)
            .build(),
        bytes("TODO"));
    write(writing("binary"), bytes("TODO\0TODO"));
    write(writing("grüße.txt"), bytes("x".repeat(5000) + "todo" + "y".repeat(5000)));

    assertThat(found(search("*.java", null, false)))
        .containsExactly(path("src/Main.java"), path("src/skip/Other.java"));
    assertThat(found(search("src/*.{java,txt}", null, false)))
        .containsExactly(path("src/Main.java"));
    assertThat(found(search("gr[a-zü]*.txt", null, false))).containsExactly(path("grüße.txt"));
    List<Message> lines = supervisor.stream(search(null, "TODO", false));
    assertThat(lines)
        .containsExactly(
            new Answer.Match(path("src/Main.java"), 2, 5, "Two TODO x"),
            new Answer.Match(path("src/Main.java"), 4, 1, "TODO at the end"));
    assertThat(supervisor.stream(search(null, "^t.*e$", true)))
        .containsExactly(new Answer.Match(path("src/Main.java"), 3, 1, "three"));
    FileRequest.Search ignoring =
        new FileRequest.Search(path(""), "*.txt", "ToDo", false, true, List.of(), 5);
    assertThat(((Answer.Match) supervisor.stream(ignoring).getFirst()).text())
        .hasSize(1000)
        .contains("todo");
    assertThat(code(search(null, "(", true))).isEqualTo("EINVAL");
    assertThat(code(search("[", null, false))).isEqualTo("EINVAL");
    FileRequest.Search one =
        new FileRequest.Search(path(""), null, "o", false, false, List.of(), 1);
    assertThat(supervisor.stream(one)).hasSize(1);
  }

  @Test
  @Timeout(20)
  void aGlobOfManyStarsAnswersPromptly() throws Exception {
    write(writing("x".repeat(250)), bytes("1"));
    assertThat(found(search("*".repeat(200) + "z", null, false))).isEmpty();
    assertThat(found(search("*x".repeat(200) + "z", null, false))).isEmpty();
    assertThat(found(search("{x,xx,*}".repeat(100) + "/z", null, false))).isEmpty();
    assertThat(found(search("*x".repeat(200) + "*", null, false))).hasSize(1);
    assertThat(code(search("*".repeat(1025), null, false))).isEqualTo("EINVAL");
  }

  @Test
  @Timeout(20)
  void anExpressionThatCostsTooMuchIsSaidToWithItsLine() throws Exception {
    write(writing("a"), bytes("ok\n" + "a".repeat(50_000) + "!"));
    for (String costly : List.of("(a+)+$", "(a|aa)+$", "(a*)(a*)(a*)(a*)(a*)b", "(.*)*\\1\\1x")) {
      assertThat(refusal(search(null, costly, true)))
          .satisfies(no -> assertThat(no.code()).isEqualTo("EXPRESSION_TOO_COSTLY"))
          .satisfies(no -> assertThat(no.message()).contains("line 2 of " + path("a")));
    }
    assertThat(code(search(null, "(".repeat(20_000) + ")".repeat(20_000), true)))
        .isEqualTo("EINVAL");
    until("the end of all searches", () -> cpuIdle());
  }

  @Tag("slow")
  @Test
  void fourSearchesAreDoneAtOnceAndEndWithWhoAsked() throws Exception {
    for (int i = 0; i < 100; i++) {
      write(writing("f" + i), bytes(("a".repeat(60) + "!\n").repeat(500)));
    }
    List<Connection> searching = new ArrayList<>();
    try {
      BlockingQueue<Message> first = new ArrayBlockingQueue<>(5);
      for (int i = 0; i < 5; i++) {
        Connection connection = supervisor.connect();
        searching.add(connection);
        // Within what one line may take, and for minutes in all.
        connection.send(search(null, "(a*)(a*)(a*)b", true));
        Thread.ofVirtual().start(() -> firstOf(connection, first));
      }
      Answer.Refused no = (Answer.Refused) first.poll(10, TimeUnit.SECONDS);
      assertThat(no).isNotNull();
      assertThat(no.code()).isEqualTo("TOO_MANY_SEARCHES");
      assertThat(stat("f1").size()).isEqualTo(62 * 500);
      assertThat(first).isEmpty();
    } finally {
      for (Connection connection : searching) {
        connection.close();
      }
    }
    until("the end of all searches", () -> cpuIdle());
    assertThat(found(search("f1", null, false))).containsExactly(path("f1"));
  }

  private static void firstOf(Connection connection, BlockingQueue<Message> answers) {
    try {
      answers.add(connection.receive());
    } catch (IOException e) {
      // It was closed before it had one.
      return;
    }
  }

  @Test
  void expressionsThatNeverEndHoldNobodyUp() throws Exception {
    write(writing("a"), bytes("a".repeat(60) + "!"));
    List<Connection> searching = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        Connection connection = supervisor.connect();
        connection.send(search(null, "(a|aa)+$", true));
        searching.add(connection);
      }
      assertThat(stat("a").size()).isEqualTo(61);
    } finally {
      for (Connection connection : searching) {
        connection.close();
      }
    }
    until("the end of all searches", () -> cpuIdle());
  }

  private String changed(Connection connection) throws Exception {
    Answer.Changed next = (Answer.Changed) connection.receive();
    return next.kind() + " " + next.path().substring(path("").length());
  }

  @Test
  void watchesWhatChangesBelow() throws Exception {
    Files.createDirectories(directory.resolve("old"));
    try (Connection connection = supervisor.connect()) {
      connection.send(new FileRequest.WatchFiles(path(""), true));
      assertThat(connection.receive())
          .isEqualTo(new Answer.Changed(Kind.WATCHING, directory.toString(), true));
      supervisor.run(
          shell(
              "cd '"
                  + directory
                  + "' && mkdir -p new/deep && echo 1 > new/deep/f"
                  + " && echo 2 > old/g && mv old moved && echo 3 > moved/h"));
      List<String> told = new ArrayList<>();
      while (!told.containsAll(List.of("CREATED new/deep/f", "CREATED moved/h"))) {
        told.add(changed(connection));
      }
      // Not before: a file that is gone before its new directory is watched is told of by nobody.
      supervisor.run(shell("rm '" + directory + "/new/deep/f'"));
      while (!told.contains("DELETED new/deep/f")) {
        told.add(changed(connection));
      }
      assertThat(told)
          .contains(
              "CREATED new",
              "CREATED new/deep",
              "CREATED new/deep/f",
              "CREATED old/g",
              "DELETED old",
              "CREATED moved",
              "CREATED moved/g",
              "CREATED moved/h");
      assertThat(told.stream().filter(line -> line.startsWith("CREATED"))).doesNotHaveDuplicates();

      write(writing("written"), bytes("whole"));
      Answer.Changed written = (Answer.Changed) connection.receive();
      while (!written.path().endsWith("written")) {
        written = (Answer.Changed) connection.receive();
      }
      assertThat(written.kind()).isEqualTo(Kind.CREATED);

      done(new FileRequest.DeleteFile(path(""), true));
      Message last = connection.receive();
      Message before = last;
      while (!(last instanceof Answer.Done)) {
        before = last;
        last = connection.receive();
      }
      assertThat(before).isEqualTo(new Answer.Changed(Kind.DELETED, directory.toString(), true));
    }
  }

  @Test
  void watchesAFileByItsName() throws Exception {
    write(writing("f"), bytes("1"));
    long threads = threads();
    try (Connection connection = supervisor.connect()) {
      connection.send(new FileRequest.WatchFiles(path("f"), false));
      connection.receive();
      write(writing("other"), bytes("x"));
      write(writing("f"), bytes("2"));
      assertThat(connection.receive())
          .isEqualTo(new Answer.Changed(Kind.MODIFIED, path("f"), false));
      write(writing("f"), bytes("3"));
      assertThat(connection.receive())
          .isEqualTo(new Answer.Changed(Kind.MODIFIED, path("f"), false));
    }
    until("the watch's end", () -> threads() <= threads);
    assertThat(code(new FileRequest.WatchFiles(path("no"), false))).isEqualTo("ENOENT");
  }

  private static long threads() {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + supervisor.pid() + "/task"))) {
      return tasks.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether its carriers have nothing to do. */
  private static boolean cpuIdle() {
    try {
      long before = cpu();
      TimeUnit.MILLISECONDS.sleep(100);
      return cpu() - before < 5;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long cpu() throws IOException {
    String[] fields =
        Files.readString(Path.of("/proc/" + supervisor.pid() + "/stat")).split(" ", -1);
    return Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
  }

  private FileRequest.Search search(@Nullable String glob, @Nullable String text, boolean regex) {
    List<String> exclude = text == null ? List.of() : List.of("skip");
    return new FileRequest.Search(path(""), glob, text, regex, false, exclude, 100);
  }

  private List<String> found(FileRequest.Search search) throws IOException {
    return supervisor.stream(search).stream().map(file -> ((FileInfo) file).path()).toList();
  }

  private List<Message> tree(String path) throws IOException {
    return supervisor.stream(new FileRequest.ReadTree(path, true, false));
  }

  private List<FileInfo> list(String path, int depth) throws IOException {
    return supervisor.stream(new FileRequest.ListFiles(path, depth)).stream()
        .map(FileInfo.class::cast)
        .toList();
  }

  private FileInfo stat(String name) throws IOException {
    return (FileInfo) supervisor.ask(new FileRequest.Stat(path(name)));
  }

  private static String code(FileRequest<?> request) throws IOException {
    return refusal(request).code();
  }

  private static Answer.Refused refusal(FileRequest<?> request) throws IOException {
    try (Connection connection = supervisor.connect()) {
      Message answer =
          request instanceof FileRequest.Streamed<?>
              ? stream(connection, request).getLast()
              : ask(connection, request);
      return (Answer.Refused) answer;
    }
  }

  private static void done(FileRequest<?> request) throws IOException {
    assertThat(supervisor.ask(request)).isEqualTo(new Answer.Done());
  }

  private FileRequest.WriteFile writing(String name) {
    return FileRequest.WriteFile.builder(path(name)).overwrite(true).build();
  }

  private static Message write(FileRequest.WriteFile request, byte[] content) throws IOException {
    try (Connection connection = supervisor.connect()) {
      connection.send(request);
      try {
        for (int at = 0; at < content.length; at += 200_000) {
          int end = Math.min(content.length, at + 200_000);
          connection.send(new Chunk(Arrays.copyOfRange(content, at, end), false));
        }
        connection.send(new Chunk(new byte[0], true));
      } catch (IOException e) {
        // Refused already: the answer says why.
      }
      return connection.receive();
    }
  }

  private byte[] read(String name, long offset, long length) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Message answer : supervisor.stream(new FileRequest.ReadFile(path(name), offset, length))) {
      if (answer instanceof Answer.Bytes bytes) {
        all.write(bytes.bytes());
      }
    }
    return all.toByteArray();
  }

  private String path(String name) {
    return directory + "/" + name;
  }

  private List<String> names() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
