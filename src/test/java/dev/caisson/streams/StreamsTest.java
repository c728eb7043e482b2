package dev.caisson.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

/** Streams end when they are told to, and an event stream says what is meant, and no more. */
class StreamsTest {
  private final Streams streams = new Streams(JsonMapper.builder().build(), Duration.ofMillis(20));
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  @Test
  void anEventIsItsFieldsAndAnEmptyLine() throws Exception {
    try (EventStream events = quiet().events(response, () -> {})) {
      events.send("7", "output", Map.of("data", "two\nlines"));
      events.send(null, "end", Map.of());
    }

    assertThat(response.getContentAsString())
        .isEqualTo(
            "id: 7\nevent: output\ndata: {\"data\":\"two\\nlines\"}\n\nevent: end\ndata: {}\n\n");
    assertThat(response.getHeader("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void aLineBreakInAFieldDoesNotMakeAnother() throws Exception {
    try (EventStream events = quiet().events(response, () -> {})) {
      events.comment("a\ndata: forged");
    }

    assertThat(response.getContentAsString()).isEqualTo(": a data: forged\n\n");
  }

  @Test
  void aSilentStreamIsKeptAliveUntilItIsClosed() throws Exception {
    EventStream events = streams.events(response, () -> {});
    while (!response.getContentAsString().contains(": keep-alive\n\n")) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    events.close();
    int length = response.getContentAsByteArray().length;
    TimeUnit.MILLISECONDS.sleep(60);

    assertThat(response.getContentAsByteArray()).hasSize(length);
    assertThatThrownBy(() -> events.comment("late")).isInstanceOf(IOException.class);
  }

  @Test
  void aClientThatIsGoneIsFoundByTheKeepAliveAndEndsWhoeverWaits() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try (EventStream events = streams.events(new Gone(), ended::countDown)) {
      assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(events.ended()).isTrue();
    }
  }

  @Test
  void aStopEndsWhatIsOpenAndWhatIsOpenedLater() {
    AtomicInteger ends = new AtomicInteger();
    Streams.Handle open = streams.open(ends::incrementAndGet);
    streams.open(ends::incrementAndGet).close();
    streams.stop();
    Streams.Handle late = streams.open(ends::incrementAndGet);

    assertThat(ends).hasValue(2);
    assertThat(open.ended()).isTrue();
    assertThat(late.ended()).isTrue();
  }

  @Test
  void aCloserThatHangsDoesNotHoldUpAStop() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger ends = new AtomicInteger();
    for (int i = 0; i < 20; i++) {
      streams.open(() -> {
        try {
          never.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
      streams.open(ends::incrementAndGet);
    }
    long begin = System.nanoTime();
    streams.stop();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    while (ends.get() < 20) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    never.countDown();
  }

  private static Streams quiet() {
    return new Streams(JsonMapper.builder().build(), Duration.ofMinutes(1));
  }

  /** A response whose client has gone. */
  private static final class Gone extends MockHttpServletResponse {
    @Override
    public ServletOutputStream getOutputStream() {
      return new ServletOutputStream() {
        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void write(int b) throws IOException {
          throw new IOException("broken pipe");
        }
      };
    }
  }
}
