package dev.caisson.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.engine.client.FakeHttp;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineErrorCode;
import dev.caisson.sandbox.EngineException;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Images that are there, that are pulled, and that cannot be had. */
@Timeout(30)
class ImagesTest {
  private static final ImageReference BUSYBOX = ImageReference.parse("test:5000/library/busybox");
  private static final String PULL = "POST /images/create";
  private static final String INSPECT = "GET /images/test:5000";
  private static final String THERE =
      """
      {"Id":"sha256:1d","RepoDigests":["other/busybox@sha256:0","test:5000/library/busybox@sha256:d1"],
       "Config":{"Env":["PATH=/bin","EMPTY=","A=b=c"],"Entrypoint":["/e"],"Cmd":["c","d"],
         "WorkingDir":"","User":""}}
      """;

  private final FakeHttp http = new FakeHttp();
  private final Images images =
      new Images(
          http.client(),
          Duration.ofSeconds(20),
          new AllowedRegistries(List.of("public"), "10.0.0.7:5000/own"));
  private final List<String> progress = new ArrayList<>();

  @Test
  void anImageThatIsThereIsNotPulled() {
    http.on(INSPECT, 200, THERE);

    Engine.Image image = images.get(BUSYBOX, progress::add);

    assertThat(image.id()).isEqualTo("sha256:1d");
    assertThat(image.digest()).isEqualTo("sha256:d1");
    assertThat(image.env())
        .containsEntry("PATH", "/bin")
        .containsEntry("EMPTY", "")
        .containsEntry("A", "b=c");
    assertThat(image.command()).containsExactly("/e", "c", "d");
    assertThat(image.workdir()).isEqualTo("/");
    assertThat(image.user()).isNull();
    assertThat(http.asked()).noneMatch(asked -> asked.startsWith("POST"));
    assertThat(progress).isEmpty();
  }

  @Test
  void anAbsentImageIsPulledAndTheProgressToldInFewLines() {
    http.on(
        PULL,
        request -> {
          http.on(INSPECT, 200, THERE);
          return FakeHttp.Answer.of(
              200,
              """
              {"status":"Pulling from library/busybox","id":"latest"}
              {"status":"Pulling fs layer","progressDetail":{},"id":"a1"}
              {"status":"Downloading","progressDetail":{"current":10,"total":300},"id":"a1"}
              {"status":"Downloading","progressDetail":{"current":200,"total":300},"id":"a1"}
              {"status":"Download complete","progressDetail":{},"id":"a1"}
              {"status":"Status: Downloaded newer image"}
              """);
        });

    images.get(BUSYBOX, progress::add);

    assertThat(progress)
        .containsExactly(
            "latest: Pulling from library/busybox",
            "a1: Pulling fs layer",
            "a1: Downloading (300 bytes)",
            "a1: Download complete",
            "Status: Downloaded newer image");
    assertThat(http.asked())
        .contains("POST /images/create?fromImage=test%3A5000%2Flibrary%2Fbusybox%3Alatest");
    assertThat(http.open).hasValue(0);
  }

  @Test
  void anImageThatIsThereIsTakenWhereverItCameFrom() {
    http.on("GET /images/127.0.0.1:5000", 200, THERE);
    ImageReference near = ImageReference.parse("127.0.0.1:5000/library/busybox");

    images.admit(near);

    assertThat(images.get(near, progress::add).id()).isEqualTo("sha256:1d");
  }

  @Test
  void anAbsentImageIsNotPulledFromARegistryThatIsNotAllowed() {
    ImageReference near = ImageReference.parse("127.0.0.1:5000/library/busybox");

    assertThatThrownBy(() -> images.admit(near))
        .isInstanceOf(EngineException.RegistryNotAllowed.class);
    assertThatThrownBy(() -> images.get(near, progress::add))
        .isInstanceOfSatisfying(
            EngineException.RegistryNotAllowed.class,
            e -> assertThat(e.details()).containsEntry("registry", "127.0.0.1:5000"))
        .hasMessageContaining("caisson.sandbox.images.registries");
    assertThat(http.asked()).noneMatch(asked -> asked.startsWith("POST"));
  }

  @Test
  void whatNeedsNoQuestionIsNotAskedForAtTheAdmission() {
    images.admit(BUSYBOX);
    images.admit(ImageReference.parse("10.0.0.7:5000/own"));

    assertThat(http.asked()).isEmpty();
  }

  @Test
  void aNameThatTheEngineDoesNotTakeIsNoSuchImage() {
    http.on("GET /images/", 400, "{\"message\":\"invalid reference format\"}");

    assertThatThrownBy(() -> images.get(ImageReference.parse("[::1]:1/x"), progress::add))
        .isInstanceOfSatisfying(
            EngineException.NoImage.class,
            e -> assertThat(e.code()).isEqualTo(EngineErrorCode.NO_SUCH_IMAGE));
  }

  @Test
  void aRefusalAtTheBeginningOfAPullSaysWhatToDo() {
    http.on(PULL, 500, "{\"message\":\"Get \\\"http://test:5000/v2/\\\": dial: no such host\"}");

    assertThatThrownBy(() -> images.get(BUSYBOX, progress::add))
        .isInstanceOfSatisfying(
            EngineException.NoImage.class,
            e -> assertThat(e.code()).isEqualTo(EngineErrorCode.NO_SUCH_REGISTRY))
        .hasMessageEndingWith("The engine says: Get \"http://test:5000/v2/\": dial: no such host");
  }

  @Test
  void aFailureInTheMiddleOfAPullSaysWhatToDo() {
    http.on(
        PULL,
        200,
        """
        {"status":"Pulling from library/busybox","id":"latest"}
        {"errorDetail":{"message":"write /x: no space left on device"},"error":"write /x: no …"}
        """);

    assertThatThrownBy(() -> images.get(BUSYBOX, progress::add))
        .isInstanceOfSatisfying(
            EngineException.NoImage.class,
            e -> assertThat(e.code()).isEqualTo(EngineErrorCode.NO_SPACE));
  }

  @Test
  void anIdThatIsNotThereIsNotAskedOfARegistry() {
    ImageReference id = ImageReference.parse("sha256:" + "ab".repeat(32));

    assertThatThrownBy(() -> images.get(id, progress::add))
        .isInstanceOfSatisfying(
            EngineException.NoImage.class,
            e -> assertThat(e.code()).isEqualTo(EngineErrorCode.NO_SUCH_IMAGE));
    assertThat(http.asked()).noneMatch(asked -> asked.startsWith("POST"));
  }

  @Test
  void whoAsksDuringAPullFollowsItAndWhoLeavesDoesNotEndIt() throws Exception {
    PipedOutputStream engine = new PipedOutputStream();
    PipedInputStream body = new PipedInputStream(engine);
    http.on(PULL, request -> new FakeHttp.Answer(200, body));
    BlockingQueue<String> first = new LinkedBlockingQueue<>();
    BlockingQueue<String> second = new LinkedBlockingQueue<>();
    FutureTask<Engine.Image> leaver = new FutureTask<>(() -> images.get(BUSYBOX, first::add));
    FutureTask<Engine.Image> stayer = new FutureTask<>(() -> images.get(BUSYBOX, second::add));
    Thread leaving = Thread.ofVirtual().start(leaver);

    say(engine, "{\"status\":\"Pulling\",\"id\":\"a\"}\n");
    assertThat(first.poll(5, TimeUnit.SECONDS)).isEqualTo("a: Pulling");
    Thread.ofVirtual().start(stayer);
    assertThat(second.poll(5, TimeUnit.SECONDS)).isEqualTo("a: Pulling");
    leaving.interrupt();
    assertThatThrownBy(leaver::get).hasCauseInstanceOf(EngineException.Unreachable.class);
    http.on(INSPECT, 200, THERE);
    say(engine, "{\"status\":\"Done\",\"id\":\"a\"}\n");
    engine.close();

    assertThat(stayer.get(5, TimeUnit.SECONDS).id()).isEqualTo("sha256:1d");
    assertThat(second.poll(5, TimeUnit.SECONDS)).isEqualTo("a: Done");
    assertThat(first).isEmpty();
    assertThat(http.asked()).filteredOn(asked -> asked.startsWith(PULL)).hasSize(1);
  }

  private static void say(PipedOutputStream engine, String line) throws IOException {
    engine.write(line.getBytes(StandardCharsets.UTF_8));
    engine.flush();
  }
}
