package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.lifecycle.FakeSandboxes;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.streams.CutOff;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.StreamName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The room over a real server, with a supervisor that is faked: bytes, streams, and their ends. */
class ProcessHttpTest {
  private static ConfigurableApplicationContext shared;

  private final HttpClient client = HttpClient.newHttpClient();
  private final FakeSupervisor supervisor = new FakeSupervisor();
  private final FakeJournal journal = supervisor.journal("147");

  @SuppressWarnings("NullAway.Init") // JUnit makes no instance before @BeforeAll.
  private ConfigurableApplicationContext context = shared;

  private SandboxId id = sandbox();

  /** Without the service's own configuration, which speaks of rooms that are not here. */
  private static ConfigurableApplicationContext server() {
    return new SpringApplicationBuilder(App.class)
        .run(
            "--server.port=0",
            "--spring.threads.virtual.enabled=true",
            "--spring.config.location=optional:classpath:/nowhere/");
  }

  private SandboxId sandbox() {
    return context.getBean(FakeSandboxes.class).add(supervisor, OutputEventsTest.daemon());
  }

  @BeforeAll
  static void start() {
    shared = server();
  }

  @AfterAll
  static void stop() {
    shared.close();
  }

  @AfterEach
  void end() {
    client.shutdownNow();
  }

  @Test
  void theStreamsAreReadApartAndAsOftenAsOneLikes() throws Exception {
    journal.write(StreamName.STDERR, "Pulling\n").write(StreamName.STDOUT, "done\n").exit(0);

    for (int i = 0; i < 2; i++) {
      HttpResponse<String> stdout = get("/147/stdout");
      assertThat(stdout.statusCode()).isEqualTo(200);
      assertThat(stdout.body()).isEqualTo("done\n");
      assertThat(header(stdout, "Content-Type")).isEqualTo("application/octet-stream");
      assertThat(header(stdout, "Content-Length")).isEqualTo("5");
      assertThat(header(stdout, "Accept-Ranges")).isEqualTo("bytes");
      assertThat(get("/147/stderr").body()).isEqualTo("Pulling\n");
    }
    assertThat(header(get("/147/stdout", "Accept", "text/plain"), "Content-Type"))
        .isEqualTo("text/plain;charset=UTF-8");
  }

  @Test
  void aRangeIsAnsweredAlone() throws Exception {
    journal.write(StreamName.STDOUT, "0123456").write(StreamName.STDOUT, "789").exit(0);

    HttpResponse<String> middle = get("/147/stdout", "Range", "bytes=5-8");
    assertThat(middle.statusCode()).isEqualTo(206);
    assertThat(middle.body()).isEqualTo("5678");
    assertThat(header(middle, "Content-Range")).isEqualTo("bytes 5-8/10");
    assertThat(get("/147/stdout", "Range", "bytes=-2").body()).isEqualTo("89");

    assertThat(get("/147/stdout", "Range", "bytes=10-").statusCode()).isEqualTo(416);
  }

  @Test
  void whatWasDroppedIsNotPretendedToBeThere() throws Exception {
    journal.write(StreamName.STDOUT, "old").write(StreamName.STDOUT, "new").drop(1).exit(0);

    HttpResponse<String> rest = get("/147/stdout");
    assertThat(rest.body()).isEqualTo("new");
    assertThat(header(rest, RawOutput.OFFSET)).isEqualTo("3");
    HttpResponse<String> ranged = get("/147/stdout", "Range", "bytes=1-4");
    assertThat(ranged.body()).isEqualTo("ne");
    assertThat(header(ranged, "Content-Range")).isEqualTo("bytes 3-4/6");
  }

  @Test
  void anEmptyStreamIsAnEmptyAnswerAndHeadHasTheSizeAlone() throws Exception {
    journal.write(StreamName.STDOUT, "12345").exit(0);

    assertThat(get("/147/stderr").body()).isEmpty();
    HttpRequest head = request("/147/stdout").HEAD().build();
    HttpResponse<String> answer = client.send(head, HttpResponse.BodyHandlers.ofString());
    assertThat(header(answer, "Content-Length")).isEqualTo("5");
  }

  @Test
  void followingGivesEachPieceAsItIsWrittenAndEndsWithTheProcess() throws Exception {
    journal.write(StreamName.STDOUT, "first");
    InputStream body = open("/147/stdout?follow=true&offset=1").body();

    assertThat(body.readNBytes(4)).asString().isEqualTo("irst");
    until(journal::isRead);
    journal.write(StreamName.STDOUT, "second");
    assertThat(body.readNBytes(6)).asString().isEqualTo("second");
    journal.exit(0);
    assertThat(body.read()).isEqualTo(-1);
  }

  @Test
  void aFollowedStreamThatBreaksIsCutSoThatItDoesNotLookWhole() throws Exception {
    InputStream body = open("/147/stdout?follow=true").body();
    until(journal::isRead);
    journal.write(StreamName.STDOUT, "half");
    assertThat(body.readNBytes(4)).asString().isEqualTo("half");
    journal.lose();

    assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
  }

  @Test
  void outputIsFollowedAsEventsAndResumedByTheHeader() throws Exception {
    journal.write(StreamName.STDOUT, "one").write(StreamName.STDERR, "two");
    HttpRequest request =
        request("/147/output?follow=true&after=0").header("Last-Event-ID", "1").build();
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    until(journal::isRead);
    journal.write(StreamName.STDOUT, "three").exit(3);

    List<Sse.Event> events = Sse.parse(answer.get(5, TimeUnit.SECONDS).body());
    assertThat(events).extracting(Sse.Event::id).containsExactly("2", "3", "");
    assertThat(events.getLast().data().get("exit").get("code").asInt()).isEqualTo(3);
  }

  @Test
  void aProcessThatIsNotThereIsSaidBeforeTheStreamBegins() throws Exception {
    assertThat(get("/99/output").statusCode()).isEqualTo(404);
    assertThat(get("/99/stdout").statusCode()).isEqualTo(404);
    assertThat(get("/99").statusCode()).isEqualTo(404);
  }

  @Test
  void waitingEndsWithTheProcessOrWithTheTime() throws Exception {
    assertThat(get("/147?waitFor=EXITED&timeout=PT0.05S").body()).contains("RUNNING");
    CompletableFuture<HttpResponse<String>> waiting =
        client.sendAsync(
            request("/147?waitFor=EXITED&timeout=PT1M").build(),
            HttpResponse.BodyHandlers.ofString());
    journal.exit(0);

    assertThat(waiting.get(5, TimeUnit.SECONDS).body()).contains("\"state\":\"EXITED\"");
    assertThat(get("/147?waitFor=EXITED&timeout=PT1H").statusCode()).isEqualTo(400);
  }

  @Test
  void aStartInTheBackgroundIsCreatedAndOneInTheForegroundHasItsOutput() throws Exception {
    supervisor.script = _ -> List.of(journal.process());
    HttpResponse<String> created = post("{\"command\": [\"a\"], \"background\": true}");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(header(created, "Location")).isEqualTo("/v1/sandboxes/" + id + "/processes/147");

    journal.inForeground().write(StreamName.STDOUT, "hello").exit(0);
    supervisor.script = _ -> List.of(journal.process(), journal.await(0));
    HttpResponse<String> ended = post("{\"shell\": \"a | b\"}");
    assertThat(ended.statusCode()).isEqualTo(200);
    assertThat(ended.body()).contains("\"text\":\"hello\"", "\"cause\":\"EXITED\"");
    assertThat(post("{}").statusCode()).isEqualTo(400);
  }

  @Test
  void aForegroundClientThatHangsUpEndsNothing() throws Exception {
    FakeAnswers<Answer> running = new FakeAnswers<>();
    running.add(journal.process());
    supervisor.streaming = running;
    HttpRequest request =
        request("")
            .timeout(Duration.ofMillis(300))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"command\": [\"sleep\"]}"))
            .build();

    assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(running.isClosed()).isFalse();
    assertThat(get("/147").statusCode()).isEqualTo(200);
  }

  @Test
  void openStreamsAndWaitsDoNotHoldUpAStop() throws Exception {
    context = server();
    id = sandbox();
    InputStream events = open("/147/output?follow=true").body();
    InputStream raw = open("/147/stdout?follow=true").body();
    CompletableFuture<HttpResponse<String>> waiting =
        client.sendAsync(
            request("/147?waitFor=EXITED&timeout=PT5M").build(),
            HttpResponse.BodyHandlers.ofString());
    until(() -> supervisor.asked.stream().anyMatch(r -> r.toString().startsWith("Await")));

    long begin = System.nanoTime();
    context.close();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    assertThat(waiting.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThatThrownBy(raw::readAllBytes).isInstanceOf(IOException.class);
    assertThat(new String(events.readAllBytes(), StandardCharsets.UTF_8)).doesNotContain("exit");
  }

  private HttpRequest.Builder request(String path) {
    String port = context.getEnvironment().getRequiredProperty("local.server.port");
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + port + "/v1/sandboxes/" + id + "/processes" + path));
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String body) throws Exception {
    HttpRequest request =
        request("")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<InputStream> open(String path) throws Exception {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** The room, and nothing of the others. */
  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {
        ManagementWebSecurityAutoConfiguration.class,
        ServletWebSecurityAutoConfiguration.class,
        UserDetailsServiceAutoConfiguration.class
      })
  @Import({
    Processes.class,
    ProcessController.class,
    StartKeys.class,
    OutputController.class,
    ProcessOutput.class,
    RawOutput.class,
    InputController.class,
    AttachController.class,
    Writers.class,
    ProcessRecord.class,
    Streams.class,
    CutOff.class,
    Statuses.class
  })
  static class App {
    @Bean
    FakeSandboxes sandboxes() {
      return new FakeSandboxes();
    }

    @Bean
    MeterRegistry meters() {
      return new SimpleMeterRegistry();
    }
  }

  /** The statuses these tests look at; what callers get is in the room of the web. */
  @RestControllerAdvice
  static class Statuses {
    @ExceptionHandler
    ResponseEntity<String> status(ProcessException e) {
      return ResponseEntity.status(e instanceof ProcessException.NoSuchRange ? 416 : 404).build();
    }
  }
}
