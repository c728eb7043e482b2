package dev.caisson.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Chunk;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose files are where processes are not root's by default, and where a link leads a write to. */
@Timeout(60)
@Tag("root")
class SupervisorOwnersTest {
  /** The user and group {@code daemon}, of every list of users. */
  private static final long DAEMON = 1;

  @AutoClose private static SupervisorProcess supervisor;
  private static int round;

  private Path directory;

  @BeforeAll
  static void start() throws Exception {
    supervisor = SupervisorProcess.start();
    configure(supervisor, "daemon");
  }

  private static void configure(SupervisorProcess supervisor, String user) throws IOException {
    Request.Configure usual = supervisor.configuration();
    assertThat(
            supervisor.ask(
                new Request.Configure(usual.env(), usual.workdir(), user, usual.docker())))
        .isEqualTo(new Answer.Done());
  }

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createDirectories(supervisor.directory().resolve("owners-" + ++round));
  }

  @Test
  void whatIsNewBelongsToTheUserThatProcessesGet() throws Exception {
    write(FileRequest.WriteFile.builder(path("new/file")).parents(true).overwrite(true).build());
    supervisor.ask(new FileRequest.MakeDirectory(path("a/b"), -1, null, true, 0));
    supervisor.ask(new FileRequest.MakeLink(path("link"), "nowhere", false, null));
    supervisor.ask(new FileRequest.MakeFifo(path("fifo"), -1, null, 0));

    for (String name : new String[] {"new", "new/file", "a", "a/b", "link", "fifo"}) {
      assertThat(stat(name)).as(name).extracting("uid", "gid").containsExactly(DAEMON, DAEMON);
    }
  }

  @Test
  void whatWasThereKeepsItsOwnerAndAnOwnerThatIsNamedGetsIt() throws Exception {
    Files.writeString(directory.resolve("roots"), "before");
    Files.createDirectories(directory.resolve("there"));

    assertThat(write(writing("roots"))).extracting("uid").isEqualTo(0L);
    supervisor.ask(new FileRequest.MakeDirectory(path("there"), -1, null, true, 0));
    assertThat(stat("there").uid()).isZero();
    supervisor.ask(new FileRequest.MakeLink(path("hard"), path("roots"), true, null));
    assertThat(stat("roots").uid()).isZero();
    assertThat(
            write(
                FileRequest.WriteFile.builder(path("roots")).owner("7:8").overwrite(true).build()))
        .extracting("uid", "gid")
        .containsExactly(7L, 8L);
  }

  @Test
  void filesAreRootsWhereTheImagesUserIsInNoList() throws Exception {
    try (SupervisorProcess other = SupervisorProcess.start()) {
      configure(other, "nobody-knows-me");
      assertThat(
              other.ask(
                  new FileRequest.MakeDirectory(other.directory() + "/made", -1, null, false, 0)))
          .extracting("uid")
          .isEqualTo(0L);
    }
  }

  @Test
  void anArchivesOwnersAreKnownByNameFirst() throws Exception {
    assertThat(supervisor.ask(new FileRequest.FindOwner("daemon", "daemon", 4321, 4322)))
        .isEqualTo(new Answer.Owner(DAEMON, DAEMON));
    assertThat(supervisor.ask(new FileRequest.FindOwner("nobody-knows-me", null, 4321, 4322)))
        .isEqualTo(new Answer.Owner(4321, 4322));
    // A name that reads as a number is a name.
    assertThat(supervisor.ask(new FileRequest.FindOwner("7", "root", 4321, 4322)))
        .isEqualTo(new Answer.Owner(4321, 0));
  }

  @Test
  void aWriteGoesThroughLinksToWhatTheyLeadTo() throws Exception {
    Files.createDirectories(directory.resolve("d/e"));
    Files.writeString(directory.resolve("d/target"), "old");
    Files.createSymbolicLink(directory.resolve("d/e/second"), Path.of("../target"));
    Files.createSymbolicLink(directory.resolve("first"), Path.of("d/e/second"));

    FileInfo written = (FileInfo) write(writing("first").followed());

    assertThat(written.path()).isEqualTo(directory.toRealPath() + "/d/target");
    assertThat(written.replaced()).isTrue();
    // It keeps the owner that it had.
    assertThat(written.uid()).isZero();
    assertThat(Files.readString(directory.resolve("d/target"))).isEqualTo("new");
    assertThat(directory.resolve("first")).isSymbolicLink();
    assertThat(directory.resolve("d/e/second")).isSymbolicLink();
  }

  @Test
  void aLinkThatLeadsToNothingYetIsFollowedToo() throws Exception {
    Files.createDirectories(directory.resolve("d"));
    Files.createSymbolicLink(directory.resolve("relative"), Path.of("d/made"));
    Files.createSymbolicLink(directory.resolve("absolute"), directory.resolve("d/too"));
    Files.createSymbolicLink(directory.resolve("nowhere"), Path.of("no/such"));

    assertThat(write(writing("relative").followed())).extracting("uid").isEqualTo(DAEMON);
    assertThat(write(writing("absolute").followed())).extracting("replaced").isEqualTo(false);
    assertThat(Files.readString(directory.resolve("d/made"))).isEqualTo("new");
    assertThat(Files.readString(directory.resolve("d/too"))).isEqualTo("new");
    assertThat(write(writing("nowhere").followed()))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            no -> {
              assertThat(no.code()).isEqualTo("ENOENT");
              assertThat(no.message()).contains(directory.getFileName() + "/no: ");
            });
  }

  @Test
  void whatIsNoPlainFileIsNotReplacedByWayOfALink() throws Exception {
    Files.createSymbolicLink(directory.resolve("null"), Path.of("/dev/null"));
    Files.createSymbolicLink(directory.resolve("dir"), Path.of("."));
    Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));

    assertThat(write(writing("null").followed())).extracting("code").isEqualTo("NOT_A_FILE");
    assertThat(write(writing("dir").followed())).extracting("code").isEqualTo("EISDIR");
    assertThat(write(writing("loop").followed())).extracting("code").isEqualTo("ELOOP");
    assertThat(write(FileRequest.WriteFile.builder(path("null")).follow(true).build()))
        .extracting("code")
        .isEqualTo("EEXIST");
    assertThat(supervisor.descriptors()).isLessThan(100);
  }

  private FileRequest.WriteFile writing(String name) {
    return FileRequest.WriteFile.builder(path(name)).overwrite(true).build();
  }

  private Message write(FileRequest.WriteFile request) throws IOException {
    try (Connection connection = supervisor.connect()) {
      connection.send(request);
      try {
        connection.send(new Chunk("new".getBytes(StandardCharsets.UTF_8), true));
      } catch (IOException e) {
        // Refused already: the answer says why.
      }
      return connection.receive();
    }
  }

  private FileInfo stat(String name) throws IOException {
    return (FileInfo) supervisor.ask(new FileRequest.Stat(path(name)));
  }

  private String path(String name) {
    return directory + "/" + name;
  }
}
