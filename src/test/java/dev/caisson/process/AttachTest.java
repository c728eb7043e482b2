package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.lifecycle.FakeSandboxes;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** WebSockets to a process, over a real server, with a supervisor that is faked. */
class AttachTest {
  private static ConfigurableApplicationContext server;

  private final HttpClient client = HttpClient.newHttpClient();
  private final FakeSupervisor supervisor = new FakeSupervisor();
  private final FakeJournal journal = supervisor.journal("147");

  @SuppressWarnings("NullAway.Init") // JUnit makes no instance before @BeforeAll.
  private final SandboxId id =
      server.getBean(FakeSandboxes.class).add(supervisor, OutputEventsTest.daemon());

  @BeforeAll
  static void start() {
    server =
        new SpringApplicationBuilder(ProcessHttpTest.App.class)
            .run(
                "--server.port=0",
                "--spring.threads.virtual.enabled=true",
                "--spring.config.location=optional:classpath:/nowhere/");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void end() {
    client.shutdownNow();
  }

  @Test
  void outputComesWithItsStreamAndSeqAndThenTheExit() throws Exception {
    journal.write(StreamName.STDOUT, "one").write(StreamName.STDERR, "two");
    AttachClient attached = attach("");
    assertThat(attached.text().get("type").asString()).isEqualTo("attached");
    assertThat(attached.output()).isEqualTo("1:1:one");
    assertThat(attached.output()).isEqualTo("2:2:two");
    journal.write(StreamName.STDOUT, "three").exit(3);
    assertThat(attached.output()).isEqualTo("1:3:three");
    assertThat(attached.text().get("process").get("exit").get("code").asInt()).isEqualTo(3);
    assertThat(attached.closed()).isEqualTo(WebSocket.NORMAL_CLOSURE);
  }

  @Test
  void whoComesBackGoesOnAfterTheLastPiece() throws Exception {
    journal.write(StreamName.STDOUT, "one").write(StreamName.STDOUT, "two").exit(0);
    AttachClient attached = attach("?after=1");
    attached.text();
    assertThat(attached.output()).isEqualTo("1:2:two");
    assertThat(attached.text().get("type").asString()).isEqualTo("exit");
  }

  @Test
  void oneClientGivesInputAndAnotherTakesOver() throws Exception {
    supervisor.script =
        request ->
            request instanceof Request.Write write
                ? List.of(new Answer.Written(write.bytes().length))
                : List.of(journal.process());
    AttachClient first = attach("");
    assertThat(first.text().get("writer").asBoolean()).isTrue();
    first.send("ls\n".getBytes(StandardCharsets.UTF_8));
    assertThat(first.text().get("bytes").asLong()).isEqualTo(3);

    AttachClient second = attach("");
    assertThat(second.text().get("writer").asBoolean()).isFalse();
    second.send(new byte[] {1});
    assertThat(second.text().get("code").asString()).isEqualTo("NOT_THE_WRITER");
    second.command("{\"type\":\"resize\",\"rows\":1,\"cols\":1}");
    assertThat(second.text().get("code").asString()).isEqualTo("NOT_THE_WRITER");

    second.command("{\"type\":\"take-over\"}");
    assertThat(second.text().get("writer").asBoolean()).isTrue();
    assertThat(first.text().get("writer").asBoolean()).isFalse();
    second.command("{\"type\":\"resize\",\"rows\":40,\"cols\":120}");
    second.command("{\"type\":\"close-stdin\"}");
    assertThat(second.text().get("type").asString()).isEqualTo("taken");
    assertThat(supervisor.asked)
        .anyMatch(r -> r.equals(new Request.Resize(147, new Request.Terminal(40, 120))))
        .anyMatch(r -> r instanceof Request.Write write && write.close());

    // The place is free again when its holder goes.
    second.close();
    AttachClient third = attach("?takeOver=true");
    assertThat(third.text().get("writer").asBoolean()).isTrue();
  }

  @Test
  void aProcessThatDoesNotReadHoldsUpNeitherOutputNorTakeOver() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    supervisor.script =
        request -> {
          if (request instanceof Request.Write) {
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new dev.caisson.sandbox.SupervisorException.Lost(id, "interrupted", e);
            }
          }
          return List.of(journal.process());
        };
    AttachClient first = attach("");
    first.text();
    for (int i = 0; i < 200; i++) {
      first.send(new byte[10]);
    }
    journal.write(StreamName.STDOUT, "still");
    assertThat(first.output()).isEqualTo("1:1:still");
    AttachClient second = attach("?takeOver=true");
    assertThat(second.text().get("writer").asBoolean()).isTrue();
    // What it still sends is refused, frame by frame, before or after it is told why.
    JsonNode told = first.text();
    while (!told.get("type").asString().equals("writer")) {
      assertThat(told.get("code").asString()).isEqualTo("NOT_THE_WRITER");
      told = first.text();
    }
    assertThat(told.get("writer").asBoolean()).isFalse();
  }

  @Test
  void whatMakesNoSenseIsSaidAndTheConnectionStays() throws Exception {
    AttachClient attached = attach("");
    attached.text();
    attached.command("{\"type\":\"dance\"}");
    assertThat(attached.text().get("code").asString()).isEqualTo("INVALID_REQUEST");
    journal.exit(0);
    assertThat(attached.text().get("type").asString()).isEqualTo("exit");
  }

  @Test
  void aProcessThatIsNotThereIsSaidBeforeTheSocketOpens() {
    assertThatThrownBy(() -> AttachClient.open(client, uri("99", "")))
        .isInstanceOfAny(ExecutionException.class, CompletionException.class);
  }

  private AttachClient attach(String query) throws Exception {
    return AttachClient.open(client, uri("147", query));
  }

  private URI uri(String pid, String query) {
    String port = server.getEnvironment().getRequiredProperty("local.server.port");
    return URI.create(
        "ws://127.0.0.1:%s/v1/sandboxes/%s/processes/%s/attach%s".formatted(port, id, pid, query));
  }

  /** So that a frame can be told from another. */
  static String show(ByteBuffer frame) {
    int stream = frame.get();
    long seq = frame.getLong();
    return stream + ":" + seq + ":" + StandardCharsets.UTF_8.decode(frame);
  }
}
