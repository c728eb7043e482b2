package dev.caisson.supervisor;

import static dev.caisson.supervisor.SupervisorProcess.exit;
import static dev.caisson.supervisor.SupervisorProcess.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.Request.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Descendants that go their own ways, and are found. */
@Timeout(60)
class TreeTest {
  @Test
  void areEndedWithTheTreeAndNotWithTheGroup() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured()) {
      ProcessInfo process = supervisor.begin(Start.shellBuilder(daemon("a") + "; exec sleep 300"));
      ProcessInfo other = supervisor.begin(Start.shellBuilder(daemon("b") + "; exec sleep 300"));
      Path first = found(supervisor, "a");
      Path second = found(supervisor, "b");

      supervisor.ask(new Request.End(process.pid(), 1_000));
      assertThat(first).exists();

      supervisor.ask(new Request.End(process.pid(), 1_000, true));
      assertThat(first).doesNotExist();
      assertThat(second).exists();

      supervisor.ask(new Request.End(other.pid(), 1_000, true));
      assertThat(second).doesNotExist();
      assertThat(supervisor.children()).isZero();
    }
  }

  @Test
  void areEndedWhenTheTimeOfTheirProcessIsOver() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured()) {
      long pid =
          supervisor
              .begin(Start.shellBuilder(daemon("a") + "; exec sleep 300").timeoutMillis(1_000))
              .pid();
      Path daemon = found(supervisor, "a");

      assertThat(exit(supervisor.await(pid)).cause()).isEqualTo(ProcessInfo.Cause.TIMEOUT);
      until("the end of the daemon", () -> !Files.exists(daemon));
    }
  }

  @Test
  void areAskedAtShutdown() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured()) {
      supervisor.run(Start.shellBuilder(daemon("a")).build());
      supervisor.begin(Start.builder("false").restart(Request.RestartPolicy.ALWAYS));
      ProcessInfo sleeping =
          supervisor.begin(Start.builder("sleep", "60").restart(Request.RestartPolicy.ALWAYS));
      Path daemon = found(supervisor, "a");
      long before = System.nanoTime();

      assertThat(supervisor.ask(new Request.Shutdown(20_000))).isInstanceOf(Answer.Done.class);

      assertThat(System.nanoTime() - before).isLessThan(10_000_000_000L);
      assertThat(daemon).doesNotExist();
      ProcessInfo ended = supervisor.describe(sleeping.pid());
      assertThat(exit(ended).cause()).isEqualTo(ProcessInfo.Cause.SANDBOX_ENDED);
      assertThat(supervisor.children()).isZero();
    }
  }

  @Test
  void whatDoesNotListenIsKilled() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured()) {
      long pid =
          supervisor
              .begin(Start.shellBuilder("trap '' TERM; " + daemon("a") + "; exec sleep 300"))
              .pid();
      Path daemon = found(supervisor, "a");

      supervisor.ask(new Request.End(pid, 300, true));

      assertThat(daemon).doesNotExist();
      assertThat(exit(supervisor.await(pid)).signal()).isEqualTo("KILL");
    }
  }

  /** Forks twice, begins a session in between, forgets its environment, and closes what it has. */
  private static String daemon(String file) {
    return "(setsid env -i sh -c '(sh -c \"echo \\$\\$ >$0.new; mv $0.new $0; exec sleep 300\""
        + " </dev/null >/dev/null 2>&1 &)' "
        + file
        + " </dev/null >/dev/null 2>&1 &)";
  }

  private static Path found(SupervisorProcess supervisor, String name) throws Exception {
    Path file = supervisor.work().resolve(name);
    until("the daemon", () -> Files.exists(file));
    return Path.of("/proc", Files.readString(file).strip());
  }
}
