package dev.caisson.supervisor;

import static dev.caisson.supervisor.SupervisorProcess.assertRefused;
import static dev.caisson.supervisor.SupervisorProcess.exit;
import static dev.caisson.supervisor.SupervisorProcess.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.Request.Start;
import dev.caisson.supervisor.wire.StartBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users and limits, by the launcher of the kit that was just built. */
@Timeout(120)
class LauncherIT {
  @AutoClose private static SupervisorProcess supervisor;

  @BeforeAll
  static void start() throws Exception {
    Path directory = Files.createTempDirectory("caisson");
    Path kit = Files.createDirectories(directory.resolve("kit"));
    String image = System.getenv().getOrDefault("CAISSON_ENGINE_KITIMAGE", "caisson/kit");
    String container = docker("create", image, "none");
    try {
      docker("cp", container + ":/opt/caisson/launch", kit.resolve("launch").toString());
    } finally {
      docker("rm", container);
    }
    supervisor = SupervisorProcess.start(directory, Map.of());
    supervisor.configure();
  }

  @Test
  void limitsWhatAProcessMayHave() throws Exception {
    assertThat(
            output(
                Start.shellBuilder("ulimit -n; ulimit -v; ulimit -t; id -u")
                    .limits(new Request.Limits(1 << 30, 7, 99))))
        .isEqualTo("99\n1048576\n7\n0\n");
    assertThat(
            output(Start.shellBuilder("ulimit -n; ulimit -v").limits(new Request.Limits(0, 0, 64))))
        .isEqualTo("64\nunlimited\n");
  }

  @Test
  void limitsAnotherUserAlikeAndInATerminal() throws Exception {
    assertThat(
            output(
                Start.shellBuilder("ulimit -n; id -u; id -g; tty >/dev/null && stat -c %u $(tty)")
                    .user("1234:4321")
                    .limits(new Request.Limits(0, 0, 77))
                    .terminal(new Request.Terminal(24, 80))))
        .isEqualTo("77\r\n1234\r\n4321\r\n1234\r\n");
  }

  @Test
  void endsWhatHasUsedUpItsProcessorTime() throws Exception {
    ProcessInfo.Exit exit =
        exit(
            supervisor.run(
                Start.shellBuilder("while :; do :; done")
                    .limits(new Request.Limits(0, 1, 0))
                    .build()));
    assertThat(exit.signal()).isEqualTo("XCPU");
    assertThat(exit.cause()).isEqualTo(ProcessInfo.Cause.SIGNALED);

    ProcessInfo.Exit deaf =
        exit(
            supervisor.run(
                Start.shellBuilder("trap '' XCPU; while :; do :; done")
                    .limits(new Request.Limits(0, 1, 0))
                    .build()));
    assertThat(deaf.signal()).isEqualTo("KILL");
    assertThat(deaf.cause()).isEqualTo(ProcessInfo.Cause.SIGNALED);
  }

  @Test
  void lacksMemoryBeyondItsLimit() throws Exception {
    ProcessInfo.Exit exit =
        exit(
            supervisor.run(
                Start.builder("dd", "if=/dev/zero", "of=/dev/null", "bs=512M", "count=1")
                    .limits(new Request.Limits(64 << 20, 0, 0))
                    .build()));

    assertThat(exit.code()).isNotZero();
  }

  @Test
  void namesTheLimitThatTheSystemRefuses() throws Exception {
    // More than the kernel lets any process have, root's too.
    assertRefused(
        supervisor.ask(Start.builder("true").limits(new Request.Limits(0, 0, 1L << 40)).build()),
        "EPERM",
        "nofile=" + (1L << 40));
    assertRefused(
        supervisor.ask(Start.builder("true").limits(new Request.Limits(0, 0, -1)).build()),
        "EINVAL",
        "negative");
  }

  @Test
  void namesTheReasonWhyACommandCannotStart() throws Exception {
    Path lost = Files.writeString(supervisor.work().resolve("lost"), "#!/no/such/shell\n");
    assertThat(lost.toFile().setExecutable(true)).isTrue();

    assertRefused(
        supervisor.ask(Start.builder(lost.toString()).limits(new Request.Limits(0, 0, 64)).build()),
        "ENOENT",
        "interpreter");
    assertRefused(
        supervisor.ask(Start.builder("/root/none").user("1234").build()), "ENOENT", "/root/none");
  }

  @Test
  void leavesNoDescriptorBehind() throws Exception {
    // The log of records stays open from its first record on.
    supervisor.run(Start.builder("true").build());
    long before = supervisor.descriptors();
    for (int i = 0; i < 50; i++) {
      supervisor.run(
          Start.builder("true")
              .limits(new Request.Limits(0, 0, 64))
              .terminal(new Request.Terminal(9, 9))
              .build());
      supervisor.ask(
          Start.builder("true")
              .limits(new Request.Limits(0, 0, 1L << 40))
              .terminal(new Request.Terminal(9, 9))
              .build());
    }
    SupervisorProcess.until(
        "the descriptors",
        () -> {
          try {
            return supervisor.descriptors() <= before + 1;
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void findsTheTreeOfAnotherUserToo() throws Exception {
    ProcessInfo process =
        supervisor.begin(
            Start.shellBuilder("(setsid env -i sh -c '(sleep 300 & echo $!) ' &); exec sleep 300")
                .user("1234"));
    SupervisorProcess.until("the daemon", () -> !supervisor.output(process.pid()).isEmpty());
    Path daemon = Path.of("/proc", supervisor.output(process.pid()).strip());

    supervisor.ask(new Request.End(process.pid(), 1_000, true));

    assertThat(daemon).doesNotExist();
  }

  private static String output(StartBuilder wanted) throws IOException {
    return text(supervisor.run(wanted.build()).stdout());
  }

  private static String docker(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addFirst("docker");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
