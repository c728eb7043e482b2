package dev.caisson.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.link.LyingSupervisor;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Forge;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A supervisor that lies, against the whole service with a small heap. What root in a sandbox would
 * need a way for, the host's hand does here: it takes the socket, and tells the liar the word.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileSupervisorIT {
  private ServiceProcess service;
  private Api api;
  private String other;

  @BeforeAll
  void start(@TempDir Path home) {
    service = ServiceProcess.start(home, Map.of("JDK_JAVA_OPTIONS", "-Xmx512m"));
    api = service.api();
    other = api.sandbox(Map.of("image", Machine.DEBIAN));
  }

  @AfterAll
  void end() {
    service.close();
  }

  /** What it says to whoever asks. */
  enum Mode implements LyingSupervisor.Lie {
    STATUS_WITHOUT_A_STATE {
      @Override
      public void tell(Message request, Connection connection) throws IOException {
        connection.writeBytes(ByteBuffer.wrap(Forge.frame(kind(DaemonStatus.class), new byte[80])));
      }
    },
    ENDLESS_STATUS {
      @Override
      public void tell(Message request, Connection connection) throws IOException {
        String large = "x".repeat(1 << 20);
        for (int i = 0; ; i++) {
          connection.send(
              status(i % 2 == 0 ? DaemonStatus.State.READY : DaemonStatus.State.STARTING, large));
        }
      }
    },
    ENDLESS_PROCESSES {
      @Override
      public void tell(Message request, Connection connection) throws IOException {
        if (request instanceof Request.Watch) {
          connection.send(status(DaemonStatus.State.DISABLED, ""));
        }
        String large = "x".repeat(2 << 20);
        for (long pid = 2; ; pid++) {
          connection.send(process(pid, large));
        }
      }
    },
    UNKNOWN_WITHOUT_END {
      @Override
      public void tell(Message request, Connection connection) throws IOException {
        byte[] unknown = Forge.frame(250, new byte[60 << 10]);
        while (true) {
          connection.writeBytes(ByteBuffer.wrap(unknown));
        }
      }
    },
    FRAME_WITHOUT_A_BOUND {
      @Override
      public void tell(Message request, Connection connection) throws IOException {
        connection.writeBytes(
            ByteBuffer.allocate(5).putInt(Integer.MAX_VALUE).put((byte) 8).flip());
      }
    },
    REFUSAL_OF_AN_EVIL_CODE {
      @Override
      public void tell(Message request, Connection connection) throws IOException {
        connection.send(
            new Answer.Refused("EVIL\nX", "a\n2026-01-01T00:00:00.000Z ERROR forged line"));
      }
    },
    ANSWER_TO_ANOTHER_QUESTION {
      @Override
      public void tell(Message request, Connection connection) throws IOException {
        connection.send(new Answer.Written(5));
      }
    };

    private static int kind(Class<?> type) {
      return Forge.kind(type);
    }

    private static DaemonStatus status(DaemonStatus.State state, String reason) {
      ProcessInfo.Exit exit = new ProcessInfo.Exit(0, null, ProcessInfo.Cause.EXITED, 1);
      return DaemonStatus.builder(state, true, 1)
          .pid(1)
          .version("v")
          .readyAfterMillis(1)
          .lastExit(exit)
          .reason(reason)
          .build();
    }

    private static ProcessInfo process(long pid, String argument) {
      return ProcessInfo.builder(pid, List.of(argument)).startedAt(1).build();
    }
  }

  /** Takes the place of a supervisor, and lives until the sandbox is over. */
  private LyingSupervisor takeOver(String sandbox, LyingSupervisor.Lie lie) throws IOException {
    String init =
        Machine.run("docker", "inspect", "-f", "{{.State.Pid}}", Machine.container(sandbox))
            .strip();
    String supervisor =
        Files.readString(Path.of("/proc", init, "task", init, "children")).strip().split(" ", 2)[0];
    Machine.run("kill", "-STOP", init);
    LyingSupervisor liar =
        new LyingSupervisor(
            SandboxId.parse(sandbox).orElseThrow(),
            service.home().resolve("run").resolve(sandbox),
            true);
    liar.tells(lie);
    Machine.run("kill", "-KILL", supervisor);
    return liar;
  }

  private LyingSupervisor.Lie knowing(String sandbox, LyingSupervisor.Lie lie) throws IOException {
    byte[] word =
        Arrays.copyOf(Files.readAllBytes(service.home().resolve("words").resolve(sandbox)), 32);
    return (request, connection) -> {
      if (request instanceof Request.Prove(byte[] nonce)) {
        connection.send(new Answer.Proof(mac(word, nonce)));
      } else {
        lie.tell(request, connection);
      }
    };
  }

  private static byte[] mac(byte[] word, byte[] nonce) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(word, "HmacSHA256"));
      return mac.doFinal(nonce);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its container, unless the service has ended it by then. */
  private static void kill(String sandbox) {
    Machine.run(
        "sh",
        "-c",
        "docker kill $(docker ps -q --filter label=dev.caisson.sandbox=" + sandbox + ") || true");
  }

  /** Everybody else, and the health of the service, while it goes on. */
  private void assertOthersAreAnswered() {
    assertThat(Api.text(api.exec(other, "echo", "there"), "stdout")).isEqualTo("there\n");
    assertThat(api.get("/actuator/health/readiness").status()).isEqualTo(200);
  }

  private void assertAnswersAreProblems(String sandbox) {
    for (String path : List.of("/processes?limit=5", "/processes/5", "/files?path=/", "/ports")) {
      Api.Reply reply = api.get("/v1/sandboxes/" + sandbox + path);
      assertThat(reply.status()).as(path + ": " + reply.text()).isNotEqualTo(500);
      if (reply.status() >= 400) {
        assertThat(reply.response().headers().firstValue("content-type"))
            .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(reply.text()).contains("\"code\":\"");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLieEndsNothingButItsOwnSandbox(Mode mode) throws Exception {
    String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    try (LyingSupervisor liar = takeOver(sandbox, knowing(sandbox, mode))) {
      assertThat(liar.socket()).exists();
      for (int round = 0; round < 5; round++) {
        assertAnswersAreProblems(sandbox);
        assertOthersAreAnswered();
      }
      // By itself: what breaks the rules is the end of its own sandbox.
      assertThat(
              api.get("/v1/sandboxes/" + sandbox + "?waitFor=ENDED&timeout=PT60S")
                  .expecting(200)
                  .get("reason")
                  .asString())
          .isEqualTo("SUPERVISOR_LOST");
    }
    assertOthersAreAnswered();
    assertThat(service.logText().lines())
        .noneMatch(line -> line.startsWith("2026-01-01"))
        .noneMatch(line -> line.contains("OutOfMemoryError"))
        .noneMatch(line -> line.contains("ClassCastException"))
        .noneMatch(line -> line.contains("unexpected error in a request"));
  }

  @Test
  void whoeverDoesNotKnowTheWordIsNotBelieved() throws Exception {
    String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    try (LyingSupervisor liar =
        takeOver(sandbox, (_, connection) -> connection.send(new Answer.Proof(new byte[32])))) {
      assertThat(liar.socket()).exists();
      Eventually.holds(
          service::logText,
          log ->
              log.contains("sandbox=" + sandbox + " rule=it is not the one that was introduced"));
      assertAnswersAreProblems(sandbox);
      assertOthersAreAnswered();
      kill(sandbox);
    }
  }

  /** Root of a plain sandbox attaches to what it started, and not to the supervisor. */
  @Test
  void nobodyAttachesToTheSupervisor(@TempDir Path directory) throws Exception {
    Path source = directory.resolve("attach.c");
    Files.writeString(
        source,
        """
        #include <errno.h>
        #include <fcntl.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/ptrace.h>
        #include <sys/wait.h>
        #include <unistd.h>
        static void attach(const char *who, pid_t pid) {
          char path[64]; int s;
          if (ptrace(PTRACE_ATTACH, pid, 0, 0)) printf("%s: %s\\n", who, strerror(errno));
          else { waitpid(pid, &s, __WALL); printf("%s: attached\\n", who); ptrace(PTRACE_DETACH, pid, 0, 0); }
          snprintf(path, sizeof path, "/proc/%d/mem", pid);
          printf("%s memory: %s\\n", who, open(path, O_RDWR) < 0 ? strerror(errno) : "open");
          snprintf(path, sizeof path, "/proc/%d/environ", pid);
          printf("%s environment: %s\\n", who, open(path, O_RDONLY) < 0 ? strerror(errno) : "open");
        }
        int main(void) {
          pid_t child = fork();
          if (child == 0) { pause(); return 0; }
          attach("child", child);
          attach("supervisor", getppid());
          return 0;
        }
        """);
    Path program = directory.resolve("attach");
    Machine.run("gcc", "-static", "-o", program.toString(), source.toString());
    String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    api.put(
            "/v1/sandboxes/" + sandbox + "/files/content?path=/attach&mode=0755",
            HttpRequest.BodyPublishers.ofFile(program))
        .expecting(201);

    String said = Api.text(api.exec(sandbox, "/attach"), "stdout");

    assertThat(said.lines())
        .containsExactly(
            "child: attached",
            "child memory: open",
            "child environment: open",
            "supervisor: Operation not permitted",
            "supervisor memory: Permission denied",
            "supervisor environment: Permission denied");
    assertThat(api.get("/v1/sandboxes/" + sandbox + "/ports").status()).isEqualTo(200);
  }
}
