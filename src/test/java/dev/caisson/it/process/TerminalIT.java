package dev.caisson.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import dev.caisson.process.AttachClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Terminals and open input over REST and WebSockets, in a real sandbox. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TerminalIT {
  private static final Map<String, Integer> SIZE = Map.of("rows", 30, "cols", 100);

  private Api api;
  private String sandbox;

  @BeforeAll
  void create(Api shared) {
    api = shared;
    sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
  }

  @AfterAll
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S");
  }

  @Test
  void aShellAtATerminalHasItsSizeItsJobsAndItsInterrupts() throws Exception {
    long pid = api.start(sandbox, Map.of("command", List.of("bash", "-i"), "tty", SIZE));
    try (Screen screen = new Screen(api.attach(sandbox, pid, ""))) {
      assertThat(screen.attached.get("process").get("tty").get("cols").asInt()).isEqualTo(100);
      screen.type("tty; stty size; echo $TERM\n");
      screen.until("/dev/pts/");
      screen.until("30 100");
      screen.until("xterm-256color");
      screen.client.command("{\"type\":\"resize\",\"rows\":40,\"cols\":120}");
      Eventually.holds(
          () -> api.process(sandbox, pid).get("tty").get("rows").asInt(), rows -> rows == 40);
      screen.type("stty size\n");
      screen.until("40 120");
      api.post(path(pid, "/resize"), Map.of("rows", 50, "cols", 132)).expecting(200);
      screen.type("stty size\n");
      screen.until("50 132");

      // Ctrl-C is the foreground job's alone, Ctrl-Z stops it, fg goes on with it. A key is pressed
      // only when the job says that it runs: before, the terminal is still the shell's, and the key
      // its own. The job that is stopped starts no program: sh would do so by vfork, and hang if
      // its child was stopped before it is a program.
      screen.type("sh -c 'echo runs-$((1)); exec sleep 1000'\n");
      screen.until("runs-1");
      screen.type("\u0003");
      screen.type("echo alive-$?\n");
      screen.until("alive-130");
      screen.type(
          "perl -e '$| = 1; $SIG{CONT} = sub { print \"again-\", 1 + 2, \"\\n\" };"
              + " print \"runs-\", 1 + 1, \"\\n\"; sleep 1 while 1'\n");
      screen.until("runs-2");
      screen.type("\u001a");
      screen.until("Stopped");
      screen.type("fg\n");
      screen.until("again-3");
      screen.type("\u0003");
      screen.type("echo after-$?\n");
      screen.until("after-130");
      screen.type("exit 7\n");
      assertThat(screen.exit().get("exit").get("code").asInt()).isEqualTo(7);
      assertThat(screen.client.closed()).isEqualTo(WebSocket.NORMAL_CLOSURE);
    }
  }

  @Test
  void aTerminalBelongsToTheUserOfItsProcess() throws Exception {
    long pid =
        api.start(
            sandbox,
            Map.of(
                "shell", "id -u; echo hello >/dev/tty; stat -c 'owner %u' $(tty)",
                "user", "1234:1234",
                "tty", SIZE));
    JsonNode ended = api.awaitExit(sandbox, pid);
    assertThat(Api.text(ended, "stdout")).contains("1234", "hello", "owner 1234");
    assertThat(ended.get("exit").get("code").asInt()).isZero();
  }

  @Test
  void theEndOfInputEndsWhatReadsTheTerminal() throws Exception {
    long pid = api.start(sandbox, Map.of("command", List.of("cat"), "tty", SIZE));
    api.postBytes(path(pid, "/stdin?close=true"), "line\n".getBytes(StandardCharsets.UTF_8))
        .expecting(200);
    JsonNode ended = api.awaitExit(sandbox, pid);
    assertThat(ended.get("exit").get("code").asInt()).isZero();
    assertThat(Api.text(ended, "stdout")).contains("line");
  }

  @Test
  void manyLookOnOneWritesAndAnotherTakesOver() throws Exception {
    long pid = api.start(sandbox, Map.of("command", List.of("cat"), "stdinOpen", true));
    try (Screen first = new Screen(api.attach(sandbox, pid, ""));
        Screen second = new Screen(api.attach(sandbox, pid, ""))) {
      assertThat(first.attached.get("writer").asBoolean()).isTrue();
      assertThat(second.attached.get("writer").asBoolean()).isFalse();
      first.type("from the first\n");
      first.until("from the first");
      second.until("from the first");
      second.client.command("{\"type\":\"take-over\"}");
      second.told("writer");
      first.told("writer");
      second.type("from the second\n");
      first.until("from the second");
      second.client.command("{\"type\":\"close-stdin\"}");
      assertThat(second.exit().get("exit").get("code").asInt()).isZero();
    }
  }

  @Test
  void whoComesBackMissesNothingAndSeesNothingTwice() throws Exception {
    long pid =
        api.start(
            sandbox,
            "sh",
            "-c",
            "i=0; while [ $i -lt 300 ]; do echo $i; i=$((i+1)); sleep 0.01; done");
    StringBuilder seen = new StringBuilder();
    long last = 0;
    for (int attempt = 0; attempt < 5; attempt++) {
      AttachClient client = api.attach(sandbox, pid, "?write=false&after=" + last);
      client.text();
      for (int i = 0; i < 10; i++) {
        ByteBuffer frame = client.frame();
        frame.get();
        last = frame.getLong();
        seen.append(StandardCharsets.UTF_8.decode(frame));
      }
      client.abort();
    }
    try (Screen rest = new Screen(api.attach(sandbox, pid, "?write=false&after=" + last))) {
      rest.exit();
      seen.append(rest.text());
    }
    assertThat(seen.toString()).isEqualTo(api.get(path(pid, "/stdout")).text());
  }

  @Test
  void aTerminalOutlivesTheServiceAndGoesOnWhereItWas(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api before = service.api();
      String own = before.sandbox(Map.of("image", Machine.DEBIAN));
      long pid = before.start(own, Map.of("command", List.of("bash", "-i"), "tty", SIZE));
      Screen screen = new Screen(before.attach(own, pid, ""));
      screen.type("x=kept; echo first-$((40+2))\n");
      screen.until("first-42");
      service.terminate();
      assertThat(screen.client.closed()).isEqualTo(1001);
      service.start();
      try (Screen again = new Screen(service.api().attach(own, pid, "?after=" + screen.lastSeq))) {
        assertThat(again.attached.get("writer").asBoolean()).isTrue();
        again.type("echo $x-$((1+1))\n");
        again.until("kept-2");
        assertThat(again.text()).doesNotContain("first-42");
      }
    }
  }

  @Test
  void inputIsGivenPieceByPieceAndARepeatedPieceOnce() {
    long pid =
        api.start(sandbox, Map.of("command", List.of("cat"), "stdinOpen", true, "stdin", "a"));
    assertThat(write(pid, "?offset=1", "bc").expecting(200).get("bytes").asLong()).isEqualTo(3);
    assertThat(write(pid, "?offset=1", "bcd").expecting(200).get("bytes").asLong()).isEqualTo(4);
    assertThat(write(pid, "?offset=9", "z").expecting(409).get("code").asString())
        .isEqualTo("INPUT_GAP");
    write(pid, "", "e").expecting(200);
    assertThat(write(pid, "?close=true", "f").expecting(200).get("open").asBoolean()).isFalse();
    JsonNode ended = api.awaitExit(sandbox, pid);
    assertThat(Api.text(ended, "stdout")).isEqualTo("abcdef");
    assertThat(write(pid, "", "g").expecting(409).get("code").asString())
        .isEqualTo("PROCESS_ENDED");
  }

  @Test
  void muchInputPassesWholeThroughAProcessThatReadsSlowly() {
    byte[] much = new byte[20 << 20];
    for (int i = 0; i < much.length; i++) {
      much[i] = (byte) ((i * 31) >> 8);
    }
    long pid = api.start(sandbox, Map.of("shell", "sleep 1; sha256sum", "stdinOpen", true));
    api.postBytes(path(pid, "/stdin?close=true"), much).expecting(200);
    assertThat(Api.text(api.awaitExit(sandbox, pid), "stdout")).startsWith(sha256(much));
  }

  @Test
  void inputThatCannotBeGivenIsAProblemThatSaysWhy() {
    long deaf = api.start(sandbox, Map.of("command", List.of("sleep", "1000"), "stdinOpen", true));
    Api.Reply full = api.postBytes(path(deaf, "/stdin?timeout=PT0.3S"), new byte[1 << 20]);
    JsonNode problem = full.expecting(409);
    assertThat(problem.get("code").asString()).isEqualTo("INPUT_FULL");
    assertThat(problem.get("bytes").asLong()).isBetween(1L, 1L << 20);
    long without = api.start(sandbox, "sleep", "1000");
    assertThat(write(without, "", "x").expecting(409).get("code").asString())
        .isEqualTo("INPUT_CLOSED");
    assertThat(api.post(path(without, "/resize"), SIZE).expecting(409).get("code").asString())
        .isEqualTo("NO_TERMINAL");
    assertThat(
            api.post(path(without, "/resize"), Map.of("rows", 0, "cols", 1))
                .expecting(400)
                .get("errors")
                .get(0)
                .get("field")
                .asString())
        .isEqualTo("rows");
    api.delete(path(deaf, "?grace=PT0S"));
    api.delete(path(without, "?grace=PT0S"));
  }

  private Api.Reply write(long pid, String query, String text) {
    return api.postBytes(path(pid, "/stdin" + query), text.getBytes(StandardCharsets.UTF_8));
  }

  private String path(long pid, String rest) {
    return "/v1/sandboxes/" + sandbox + "/processes/" + pid + rest;
  }

  private static String sha256(byte[] bytes) {
    try {
      return java.util.HexFormat.of()
          .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a person at an attached process sees. */
  private static final class Screen implements AutoCloseable {
    final AttachClient client;
    final JsonNode attached;
    private final StringBuilder text = new StringBuilder();
    private int looked;
    long lastSeq;

    Screen(AttachClient client) throws InterruptedException {
      this.client = client;
      this.attached = told("attached");
    }

    void type(String keys) {
      client.send(keys.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits until this is on it, after what was looked for before. */
    void until(String wanted) throws InterruptedException {
      while (text.indexOf(wanted, looked) < 0) {
        take(client.frame());
      }
      looked = text.indexOf(wanted, looked) + wanted.length();
    }

    String text() {
      return text.toString();
    }

    JsonNode told(String type) throws InterruptedException {
      JsonNode said = client.text();
      while (!said.get("type").asString().equals(type)) {
        said = client.text();
      }
      return said;
    }

    /** The end: all of its output is on the screen then. */
    JsonNode exit() throws InterruptedException {
      JsonNode process = told("exit").get("process");
      for (ByteBuffer frame = client.frameIfAny(); frame != null; frame = client.frameIfAny()) {
        take(frame);
      }
      return process;
    }

    private void take(ByteBuffer frame) {
      frame.get();
      lastSeq = frame.getLong();
      text.append(StandardCharsets.UTF_8.decode(frame));
    }

    @Override
    public void close() {
      client.abort();
    }
  }
}
