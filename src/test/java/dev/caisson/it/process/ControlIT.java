package dev.caisson.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * What a start can ask for beyond a command, and how processes end, over REST in a real sandbox.
 */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlIT {
  private Api api;
  private String sandbox;
  private String processes;

  @BeforeAll
  void create(Api shared) {
    api = shared;
    sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    processes = "/v1/sandboxes/" + sandbox + "/processes";
  }

  @AfterAll
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S");
  }

  @Test
  void aNameIsTakenWhileItsProcessRuns() {
    Map<String, Object> web =
        Map.of("command", List.of("sleep", "1000"), "name", "web", "background", true);
    long first = api.post(processes, web).expecting(201).get("pid").asLong();
    assertThat(api.post(processes, web).expecting(409).get("code").asString())
        .isEqualTo("NAME_TAKEN");
    api.delete(processes + "/" + first).expecting(200);
    long second = api.post(processes, web).expecting(201).get("pid").asLong();
    JsonNode named = api.get(processes + "?name=web").expecting(200).get("items");
    assertThat(named).extracting(p -> p.get("pid").asLong()).containsExactly(second, first);
    api.delete(processes + "/" + second).expecting(200);
  }

  @Test
  void aStartUnderOneKeyHappensOnce() throws InterruptedException {
    Map<String, Object> start = Map.of("shell", "echo $$; echo x >>/tmp/once");
    Queue<String> answers = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() ->
                  answers.add(
                      Api.text(
                          api.post(processes, start, "Idempotency-Key", "k-1").expecting(200),
                          "stdout"))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(answers).hasSize(8).containsOnly(answers.peek());
    assertThat(Api.text(api.shell(sandbox, "wc -l </tmp/once"), "stdout").strip()).isEqualTo("1");
    assertThat(
            api.post(processes, Map.of("shell", "echo other"), "Idempotency-Key", "k-1")
                .expecting(422)
                .get("code")
                .asString())
        .isEqualTo("IDEMPOTENCY_KEY_REUSED");
    api.post(processes, start, "Idempotency-Key", "ä b").expecting(400);
  }

  @Test
  void whatFailsIsStartedAgainUntilItWasTooOftenAndEachAttemptIsKept() {
    long pid =
        api.start(
            sandbox,
            Map.of(
                "shell", "echo attempt; exit 3",
                "name", "flaky",
                "restart", Map.of("policy", "on-failure")));
    List<Long> chain = new ArrayList<>(List.of(pid));
    JsonNode last = api.process(sandbox, pid);
    while (!last.get("restart").get("exhausted").asBoolean()) {
      long present = chain.getLast();
      last =
          Eventually.holds(
              () -> api.process(sandbox, present),
              p ->
                  p.get("restart").get("exhausted").asBoolean()
                      || !p.get("restart").get("nextPid").isNull());
      if (!last.get("restart").get("nextPid").isNull()) {
        chain.add(last.get("restart").get("nextPid").asLong());
      }
    }
    assertThat(chain).hasSize(6).doesNotHaveDuplicates();
    for (int i = 0; i < chain.size(); i++) {
      JsonNode attempt = api.process(sandbox, chain.get(i));
      assertThat(attempt.get("restart").get("attempt").asInt()).isEqualTo(i + 1);
      assertThat(attempt.get("exit").get("code").asInt()).isEqualTo(3);
      assertThat(Api.text(attempt, "stdout")).isEqualTo("attempt\n");
    }
    assertThat(api.process(sandbox, chain.get(3)).get("restart").get("previousPid").asLong())
        .isEqualTo(chain.get(2));
  }

  @Test
  void whatIsToRunAlwaysRunsAgainUntilItsEndIsAskedFor() {
    long first =
        api.start(
            sandbox,
            Map.of("shell", "echo up; exec sleep 1000", "restart", Map.of("policy", "always")));
    // Not by the API: to it this is a crash.
    api.shell(sandbox, "kill -9 " + first);
    long second =
        Eventually.holds(
                () -> api.process(sandbox, first), p -> !p.get("restart").get("nextPid").isNull())
            .get("restart")
            .get("nextPid")
            .asLong();
    assertThat(api.process(sandbox, second).get("state").asString()).isEqualTo("RUNNING");
    JsonNode ended = api.delete(processes + "/" + second).expecting(200);
    assertThat(ended.get("exit").get("cause").asString()).isEqualTo("KILLED_BY_USER");
    assertThat(ended.get("restart").get("nextPid").isNull()).isTrue();
    assertThat(ended.get("restart").get("nextAt").isNull()).isTrue();
  }

  @Test
  void readinessIsWaitedFor() {
    String server =
        "use IO::Socket::INET; sleep 1; my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1',"
            + " LocalPort => 8123, Listen => 5, ReuseAddr => 1) or die; $| = 1; print \"up 8123\\n\";"
            + " while (my $c = $s->accept) { my $l = <$c>; print $c \"HTTP/1.0 200"
            + " OK\\r\\n\\r\\nhello\"; close $c }";
    long pid =
        api.start(
            sandbox,
            Map.of(
                "command", List.of("perl", "-e", server),
                "readiness",
                    Map.of("port", 8123, "http", "/", "output", "up \\d+", "timeout", "PT20S")));
    assertThat(api.process(sandbox, pid).get("readiness").get("state").asString())
        .isEqualTo("PENDING");
    JsonNode ready = ready(pid);
    assertThat(ready.get("readiness").get("state").asString()).isEqualTo("READY");
    assertThat(ready.get("state").asString()).isEqualTo("RUNNING");
    api.delete(processes + "/" + pid);
    long early = api.start(sandbox, Map.of("shell", "exit 1", "readiness", Map.of("port", 8124)));
    assertThat(ready(early).get("readiness").get("state").asString()).isEqualTo("FAILED");
    long late =
        api.start(
            sandbox,
            Map.of(
                "shell",
                "sleep 1000",
                "readiness",
                Map.of("output", "never", "timeout", "PT0.5S")));
    JsonNode failed = ready(late);
    assertThat(failed.get("readiness").get("state").asString()).isEqualTo("FAILED");
    assertThat(failed.get("state").asString()).isEqualTo("RUNNING");
    api.delete(processes + "/" + late + "?grace=PT0S");
  }

  private JsonNode ready(long pid) {
    return api.get(processes + "/" + pid + "?waitFor=READY&timeout=PT30S").expecting(200);
  }

  @Test
  void limitsHoldForOneProcess() {
    assertThat(limited("ulimit -n", Map.of("nofile", 64)).get("stdout").get("text").asString())
        .isEqualTo("64\n");
    JsonNode memory =
        limited(
            "perl -e 'my $x = \"x\" x (300 * 1024 * 1024); print length $x'",
            Map.of("memory", "100Mi"));
    assertThat(memory.get("exit").get("code").asInt()).isNotZero();
    assertThat(Api.text(memory, "stderr")).containsIgnoringCase("memory");
    JsonNode busy = limited("while :; do :; done", Map.of("cpu", 1));
    assertThat(busy.get("exit").get("signal").asString()).isEqualTo("XCPU");
    assertThat(
            limited("ulimit -n; id -u", Map.of("nofile", 65), "user", "nobody")
                .get("stdout")
                .get("text")
                .asString())
        .isEqualTo("65\n65534\n");
  }

  private JsonNode limited(String line, Map<String, ?> limits, String... more) {
    Map<String, Object> start = new java.util.HashMap<>(Map.of("shell", line, "limits", limits));
    for (int i = 0; i < more.length; i += 2) {
      start.put(more[i], more[i + 1]);
    }
    return api.post(processes, start).expecting(200);
  }

  @Test
  void whatHasLeftItsGroupIsEndedWithTheTreeAndWithTheTimeout() {
    long pid = api.start(sandbox, "sh", "-c", daemons("4001") + "; sleep 1000");
    Eventually.holds(() -> running("4001"), count -> count == 2);
    api.delete(processes + "/" + pid + "?grace=PT1S").expecting(200);
    assertThat(running("4001")).isEqualTo(2);
    api.delete(processes + "/" + pid + "?grace=PT1S&tree=true").expecting(200);
    assertThat(running("4001")).isZero();

    JsonNode late =
        api.post(processes, Map.of("shell", daemons("4002") + "; sleep 1000", "timeout", "PT1S"))
            .expecting(200);
    assertThat(late.get("exit").get("cause").asString()).isEqualTo("TIMEOUT");
    assertThat(Eventually.holds(() -> running("4002"), count -> count == 0)).isZero();
  }

  /** Two that leave session, group and parent, as daemons do. */
  private static String daemons(String mark) {
    return "for i in 1 2; do (setsid sh -c 'sleep "
        + mark
        + " </dev/null >/dev/null 2>&1 &' &) ; done";
  }

  private long running(String mark) {
    String line =
        "n=0; for c in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$c 2>/dev/null | grep -q '^sleep "
            + mark
            + " ' && n=$((n+1)); done; echo $n";
    return Long.parseLong(Api.text(api.shell(sandbox, line), "stdout").strip());
  }

  @Test
  void theCauseOfAnEndIsToldExactly() {
    assertThat(cause(api.shell(sandbox, "exit 0"))).isEqualTo("EXITED 0");
    assertThat(cause(api.shell(sandbox, "kill -SEGV $$"))).isEqualTo("SIGNALED 139");
    long signalled = api.start(sandbox, "sleep", "1000");
    api.post(processes + "/" + signalled + "/signal", Map.of("signal", "USR1")).expecting(200);
    assertThat(cause(api.awaitExit(sandbox, signalled))).isEqualTo("KILLED_BY_USER 138");
    long deleted = api.start(sandbox, "sleep", "1000");
    assertThat(cause(api.delete(processes + "/" + deleted).expecting(200)))
        .isEqualTo("KILLED_BY_USER 143");
    assertThat(
            cause(
                api.post(processes, Map.of("command", List.of("sleep", "9"), "timeout", "PT0.2S"))
                    .expecting(200)))
        .isEqualTo("TIMEOUT 143");
    assertThat(
            api.post(processes, Map.of("command", List.of("/no/such")))
                .expecting(422)
                .get("cause")
                .asString())
        .isEqualTo("NOT_STARTED");
  }

  @Test
  void theEndOfASandboxIsTheCauseToo() {
    String small =
        api.sandbox(Map.of("image", Machine.DEBIAN, "resources", Map.of("memory", "256Mi")));
    JsonNode eaten = api.shell(small, "exec perl -e 'my @x; push @x, \"x\" x (1 << 20) while 1'");
    assertThat(cause(eaten)).isEqualTo("OUT_OF_MEMORY 137");
    long runs = api.start(small, "sleep", "1000");
    api.delete("/v1/sandboxes/" + small + "?grace=PT5S").expecting(200);
    api.get("/v1/sandboxes/" + small + "?waitFor=ENDED&timeout=PT30S").expecting(200);
    assertThat(cause(api.process(small, runs))).isEqualTo("SANDBOX_ENDED 143");

    String lost = api.sandbox(Map.of("image", Machine.DEBIAN));
    long left = api.start(lost, "sleep", "1000");
    // Before it is recorded as one that runs it would be found by nobody.
    api.get("/v1/sandboxes/" + lost + "/processes/" + left + "?waitFor=EXITED&timeout=PT0.3S");
    Machine.run("docker", "kill", Machine.container(lost));
    api.get("/v1/sandboxes/" + lost + "?waitFor=ENDED&timeout=PT30S").expecting(200);
    assertThat(api.process(lost, left).get("exit").get("cause").asString())
        .isEqualTo("SUPERVISOR_LOST");
  }

  private static String cause(JsonNode process) {
    JsonNode exit = process.get("exit");
    return exit.get("cause").asString() + " " + exit.get("code").asInt();
  }
}
