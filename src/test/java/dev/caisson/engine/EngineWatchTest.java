package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.engine.client.FakeHttp;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.Engine.Change;
import dev.caisson.sandbox.Engine.Event;
import dev.caisson.sandbox.SandboxId;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of the engine's events, and of the engine itself. */
@Timeout(30)
class EngineWatchTest {
  private static final String DIED =
      """
      {"Type":"container","Action":"die","Actor":{"ID":"c1","Attributes":{"dev.caisson.sandbox":"sb-7f3k9q2m"}}}
      """;

  private final FakeHttp http = new FakeHttp();
  private final BlockingQueue<Event> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<Duration> pauses = new LinkedBlockingQueue<>();
  private final Semaphore wake = new Semaphore(0);
  private final AtomicInteger forgotten = new AtomicInteger();
  private @Nullable EngineWatch watch;

  @AfterEach
  void close() {
    if (watch != null) {
      watch.close();
    }
  }

  @Test
  void tellsOfTheConnectionAndOfWhatDied() throws Exception {
    PipedOutputStream engine = connected();

    start(told::add);
    assertThat(next()).isEqualTo(new Event(Change.CONNECTED, null));
    say(engine, DIED);

    assertThat(next()).isEqualTo(new Event(Change.DIED, new SandboxId("sb-7f3k9q2m")));
    assertThat(http.asked().getLast()).startsWith("GET /events?filters=").contains("die");
  }

  @Test
  void aLabelThatIsNoIdOfASandboxIsNobodys() throws Exception {
    PipedOutputStream engine = connected();
    start(told::add);
    next();

    say(engine, DIED.replace("sb-7f3k9q2m", "mine"));
    say(engine, DIED);

    assertThat(next().change()).isEqualTo(Change.DIED);
  }

  @Test
  void whenTheEngineGoesItIsToldOnceAndAskedForLessAndLessOften() throws Exception {
    PipedOutputStream engine = connected();
    start(told::add);
    next();

    http.on("GET /events", 503, "{\"message\":\"not yet\"}");
    engine.close();

    assertThat(next()).isEqualTo(new Event(Change.DISCONNECTED, null));
    for (long expected : new long[] {100, 200, 400, 800, 1600, 3200, 5000, 5000}) {
      assertThat(pause()).isEqualTo(Duration.ofMillis(expected));
      wake.release();
    }
    pause();
    assertThat(told).isEmpty();
    assertThat(forgotten.get()).isPositive();

    connected();
    wake.release();
    assertThat(next()).isEqualTo(new Event(Change.CONNECTED, null));
  }

  @Test
  void aListenerThatFailsIsToldTheNextEventAllTheSame() throws Exception {
    PipedOutputStream engine = connected();
    start(event -> {
      told.add(event);
      throw new IllegalStateException("not today");
    });
    next();

    say(engine, DIED);

    assertThat(next().change()).isEqualTo(Change.DIED);
  }

  @Test
  void afterItsCloseNothingIsToldAndNothingStaysOpen() throws Exception {
    connected();
    start(told::add);
    next();

    close();

    assertThat(told).isEmpty();
    assertThat(http.open).hasValue(0);
  }

  private void start(Consumer<Engine.Event> listener) {
    watch =
        new EngineWatch(
            http.client(),
            listener,
            forgotten::incrementAndGet,
            pause -> {
              pauses.add(pause);
              wake.acquire();
            });
    watch.start();
  }

  /** From now on the engine tells its events through this. */
  private PipedOutputStream connected() throws IOException {
    PipedOutputStream engine = new PipedOutputStream();
    PipedInputStream body = new PipedInputStream(engine);
    http.on("GET /events", request -> new FakeHttp.Answer(200, body));
    return engine;
  }

  private Event next() throws InterruptedException {
    return Objects.requireNonNull(told.poll(5, TimeUnit.SECONDS), "nothing was told");
  }

  private Duration pause() throws InterruptedException {
    return Objects.requireNonNull(pauses.poll(5, TimeUnit.SECONDS), "no pause");
  }

  private static void say(PipedOutputStream engine, String line) throws IOException {
    engine.write(line.getBytes(StandardCharsets.UTF_8));
    engine.flush();
  }
}
