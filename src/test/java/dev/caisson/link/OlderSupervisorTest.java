package dev.caisson.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.SupervisorProcess;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.Since;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The service's end of the wire against supervisors that do not know all that it can ask. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OlderSupervisorTest {
  private final SandboxId id = SandboxId.random();
  private final AtomicInteger open = new AtomicInteger();
  private SupervisorProcess real;
  private ForgetfulSupervisor supervisor;
  private SupervisorLink link;

  @BeforeAll
  void begin(@TempDir Path directory) throws Exception {
    real = SupervisorProcess.start(directory, Map.of("CAISSON_SANDBOX", id.value()));
    supervisor = new ForgetfulSupervisor(directory.resolve("supervisor.sock"), directory);
    Words words = new Words(directory.resolve("words"));
    link = new SupervisorLink(id, supervisor.socket(), words, new LinkBudget(), open);
    link.greet(Duration.ofSeconds(20));
    link.ask(new Request.Configure(Map.of(), "/", null, null));
  }

  @AfterAll
  void end() throws Exception {
    link.close();
    supervisor.close();
    real.close();
  }

  private @Nullable Throwable asked(Request<?> request) {
    return catchThrowable(() -> {
      switch (request) {
        case Request.Stream<?> stream -> {
          try (Answers<?> answers = link.open(stream)) {
            answers.next();
          }
        }
        case Request.Dial dial -> link.dial(dial).close();
        case FileRequest.Upload<?> upload ->
            link.send(upload, new ByteArrayInputStream(new byte[1 << 20]));
        default -> link.ask(request);
      }
    });
  }

  /** Whichever request it is, the caller is told, and nothing else ends. */
  @ParameterizedTest
  @MethodSource("dev.caisson.link.SupervisorLinkTest#requests")
  void saysWhatItLacksAndGoesOn(Request<?> request) {
    supervisor.forgets(request.getClass());
    try {
      assertThat(asked(request))
          .isInstanceOfSatisfying(
              SupervisorException.TooOld.class,
              old -> {
                String lacks = request.getClass().getSimpleName();
                assertThat(old.details()).containsEntry("lacks", lacks);
                assertThat(old).hasMessageContaining(lacks).hasMessageContaining("new sandbox");
              });
    } finally {
      supervisor.forgets(null);
    }
    assertThat(link.ask(new Request.DescribeActivity())).isEqualTo(new Answer.Activity(0, 0));
  }

  /** A start that has grown. */
  record Grown(String command, @Since(3) long limit) {}

  /** A part that it does not know would be left out without a word: it is not even asked. */
  @Test
  void asksNothingOfWhichAPartWouldBeLeftOut() {
    Answer.Greeting greeting = new Answer.Greeting(1, id.value(), "0a1b2c", true, true, 2);
    Vocabulary older = Vocabulary.of(id, greeting);

    older.require(new Grown("true", 0));
    assertThat(catchThrowable(() -> older.require(new Grown("true", 1))))
        .isInstanceOf(SupervisorException.TooOld.class)
        .hasMessageContaining("0a1b2c")
        .hasMessageContaining("Grown.limit");
    new Vocabulary(id, "0a1b2c", 3).require(new Grown("true", 1));
  }
}
