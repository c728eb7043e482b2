package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A process that writes what it reads, and the model of it: what it was given, and how it must end.
 * Every call is repeated until it is answered, as a careful client does whose service was killed.
 */
final class FuzzedProcess {
  private static final int FOLLOWERS = 2;
  static final Map<String, Integer> SIGNALS = Map.of("TERM", 15, "KILL", 9, "INT", 2, "USR2", 12);

  private static final byte[] NOTHING = {};

  private final Api api;
  private final String path;
  private final Random random;
  private final ByteArrayOutputStream given = new ByteArrayOutputStream();
  private final List<Follower> followers = new ArrayList<>();
  private boolean closed;
  private @Nullable String signal;
  private boolean ended;

  private FuzzedProcess(Api api, String path, Random random) {
    this.api = api;
    this.path = path;
    this.random = random;
  }

  static FuzzedProcess start(Api api, String sandbox, Random random) {
    String key = UUID.randomUUID().toString();
    Map<String, ?> start = Map.of("command", List.of("cat"), "stdinOpen", true, "background", true);
    String processes = "/v1/sandboxes/" + sandbox + "/processes";
    long pid =
        insist(() -> api.post(processes, start, "Idempotency-Key", key))
            .expecting(201)
            .get("pid")
            .asLong();
    FuzzedProcess made = new FuzzedProcess(api, processes + "/" + pid, random);
    for (int i = 0; i < FOLLOWERS; i++) {
      made.followers.add(made.new Follower());
    }
    return made;
  }

  /** Gives it random bytes, once, however often it takes. */
  void write(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    int offset = given.size();
    given.write(bytes, 0, length);
    insist(() -> api.postBytes(path + "/stdin?timeout=PT2M&offset=" + offset, bytes))
        .expecting(200);
  }

  void close() {
    closed = true;
    int offset = given.size();
    Api.Reply reply =
        insist(() -> api.postBytes(path + "/stdin?close=true&offset=" + offset, NOTHING));
    // Repeated, it may have ended meanwhile.
    assertThat(reply.status()).as(reply.text()).isIn(200, 409);
  }

  void signal(String name) {
    signal = name;
    Api.Reply reply = insist(() -> api.post(path + "/signal", Map.of("signal", name)));
    assertThat(reply.status()).as(reply.text()).isIn(200, 409);
  }

  void end(boolean tree) {
    ended = true;
    insist(() -> api.delete(path + "?grace=PT2S&tree=" + tree)).expecting(200);
  }

  /** Breaks one follower's connection off; it comes back by itself. */
  void hangUp() {
    followers.get(random.nextInt(FOLLOWERS)).hangUp();
  }

  /** That it ended as it had to, and that everybody had every byte once. */
  void check() throws InterruptedException {
    JsonNode process = insist(() -> api.get(path + "?waitFor=EXITED&timeout=PT1M")).expecting(200);
    JsonNode exit = process.get("exit");
    String how = exit.get("cause").asString() + " " + exit.get("code").asInt();
    if (signal != null) {
      int number = SIGNALS.getOrDefault(signal, 0);
      assertThat(how).as(path).isEqualTo("KILLED_BY_USER " + (128 + number));
    } else if (ended) {
      assertThat(how).as(path).isEqualTo("KILLED_BY_USER 143");
    } else {
      assertThat(closed).isTrue();
      assertThat(how).as(path).isEqualTo("EXITED 0");
    }
    byte[] output = insist(() -> api.get(path + "/stdout")).body();
    byte[] input = given.toByteArray();
    if (signal == null && !ended) {
      assertThat(Arrays.equals(output, input)).as("%s echoes its input", path).isTrue();
    } else {
      // What it had read and not yet written went with it.
      assertThat(output.length).isLessThanOrEqualTo(input.length);
      assertThat(Arrays.equals(output, Arrays.copyOf(input, output.length))).as(path).isTrue();
    }
    for (Follower follower : followers) {
      assertThat(Arrays.equals(follower.whole(), output)).as("a follower of %s", path).isTrue();
    }
  }

  /** Until there is an answer: a service that is killed is started again. */
  private static Api.Reply insist(Supplier<Api.Reply> call) {
    return Eventually.holds(
        () -> {
          try {
            Api.Reply reply = call.get();
            // Of a service that stops, or has just begun.
            return reply.status() == 502 || reply.status() == 503 ? null : reply;
          } catch (UncheckedIOException e) {
            return null;
          }
        },
        reply -> reply != null);
  }

  /** Somebody who reads the output as events, and resumes after the last one. */
  private final class Follower {
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private volatile @Nullable InputStream stream;
    private String last = "0";
    private volatile @Nullable AssertionError failure;
    // The last of the fields: it reads them.
    private final Thread thread = Thread.ofVirtual().start(this::read);

    private void read() {
      try {
        while (!Eventually.holds(this::readOnce, over -> over != null)) {
          // It was broken off: once more from where it was.
        }
      } catch (AssertionError e) {
        failure = e;
      }
    }

    /** Whether it is at the end; null where there was no answer. */
    private @Nullable Boolean readOnce() {
      try (InputStream events = api.stream(path + "/output?follow=true&base64=true&after=" + last);
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
        stream = events;
        String id = last;
        String event = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("id:")) {
            id = line.substring(3).strip();
          } else if (line.startsWith("event:")) {
            event = line.substring(6).strip();
          } else if (line.startsWith("data:") && event.equals("output")) {
            JsonNode piece = Api.JSON.readTree(line.substring(5));
            heard.writeBytes(Base64.getDecoder().decode(piece.get("base64").asString()));
            last = id;
          } else if (line.startsWith("data:") && event.equals("exit")) {
            return true;
          } else if (line.startsWith("data:")) {
            throw new AssertionError("a follower of " + path + " was told " + event);
          }
        }
        return false;
      } catch (IOException | UncheckedIOException e) {
        return null;
      }
    }

    void hangUp() {
      InputStream open = stream;
      try {
        if (open != null) {
          open.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    byte[] whole() throws InterruptedException {
      thread.join();
      AssertionError failed = failure;
      if (failed != null) {
        throw failed;
      }
      return heard.toByteArray();
    }
  }
}
