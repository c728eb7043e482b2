package dev.caisson.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Processes over REST, in a real sandbox of an ordinary image. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessesIT {
  private Api api;
  private String sandbox;
  private String processes;

  @BeforeAll
  void create(Api shared) {
    api = shared;
    sandbox = api.sandbox(Map.of("image", Machine.DEBIAN, "env", Map.of("TOKEN", "s3cret-env")));
    processes = "/v1/sandboxes/" + sandbox + "/processes";
  }

  @AfterAll
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S");
  }

  @Test
  void theReasonAtTheEndOfLongOutputIsInTheAnswer() {
    Map<String, ?> build =
        Map.of("shell", "yes 'compiling ä' | head -c 3000000; echo; echo because-of-this; exit 7");
    String path = "/v1/sandboxes/" + sandbox + "/processes";

    JsonNode both = api.post(path, build).expecting(200);
    JsonNode tail = api.post(path + "?text=tail", build).expecting(200);
    JsonNode head = api.get(path + "/" + tail.get("pid").asLong() + "?text=HEAD").expecting(200);

    assertThat(both.get("exit").get("code").asInt()).isEqualTo(7);
    assertThat(both.get("stdout").get("bytes").asLong()).isEqualTo(3_000_017);
    assertThat(both.get("stdout").get("truncated").asBoolean()).isTrue();
    assertThat(Api.text(both, "stdout"))
        .startsWith("compiling ä\n")
        .contains("bytes are left out here …]\n")
        .doesNotContain("\uFFFD")
        .endsWith("\nbecause-of-this\n");
    assertThat(Api.text(tail, "stdout")).doesNotContain("left out").endsWith("because-of-this\n");
    assertThat(Api.text(head, "stdout")).startsWith("compiling ä\n").doesNotContain("because");
    assertThat(api.post(path + "?text=middle", build).expecting(400).get("detail").asString())
        .isEqualTo("text must be one of HEAD, TAIL, BOTH");
  }

  @Test
  void theExitCodeAndBothStreamsComeBackApart() {
    JsonNode ended = api.shell(sandbox, "echo out; echo err >&2; exit 3");
    assertThat(ended.get("exit").get("code").asInt()).isEqualTo(3);
    assertThat(ended.get("exit").get("cause").asString()).isEqualTo("EXITED");
    assertThat(Api.text(ended, "stdout")).isEqualTo("out\n");
    assertThat(Api.text(ended, "stderr")).isEqualTo("err\n");
  }

  @Test
  void aCommandThatDoesNotExistIsAProblemThatNamesIt() {
    JsonNode problem =
        api.post(processes, Map.of("command", List.of("no-such-program"))).expecting(422);
    assertThat(problem.get("code").asString()).isEqualTo("ENOENT");
    assertThat(problem.get("cause").asString()).isEqualTo("NOT_STARTED");
    assertThat(problem.get("detail").asString()).contains("no-such-program");
    assertThat(
            api.post(processes, Map.of("command", List.of("/etc/passwd")))
                .expecting(422)
                .get("code")
                .asString())
        .isEqualTo("EACCES");
    JsonNode directory =
        api.post(processes, Map.of("command", List.of("true"), "cwd", "/no/such")).expecting(422);
    assertThat(directory.get("code").asString()).isEqualTo("ENOENT");
    assertThat(directory.get("detail").asString()).contains("/no/such");
  }

  @Test
  void environmentWorkingDirectoryUserAndInputAreWhatWasAskedFor() {
    JsonNode ended =
        api.post(
                processes,
                Map.of(
                    "shell", "echo $TOKEN $A; pwd; id -u; cat",
                    "cwd", "/tmp",
                    "env", Map.of("A", "b"),
                    "user", "nobody",
                    "stdin", "grüße\n"))
            .expecting(200);
    assertThat(Api.text(ended, "stdout")).isEqualTo("s3cret-env b\n/tmp\n65534\ngrüße\n");
    assertThat(ended.toString().replace("s3cret-env b", "")).doesNotContain("s3cret");
  }

  @Test
  void aProcessRunsAsTheUserThatWasAskedFor() {
    assertThat(as("1234:2345", "id -u; id -g; id -G; echo $HOME"))
        .isEqualTo("1234\n2345\n2345\n/\n");
    assertThat(as("nobody", "id -un; id -gn; echo $HOME"))
        .isEqualTo("nobody\nnogroup\n/nonexistent\n");
    assertThat(as("daemon:mail", "id -gn")).isEqualTo("mail\n");
    api.shell(sandbox, "printf '#!/bin/sh\\n' >/root/mine; chmod 700 /root/mine");
    for (Map.Entry<String, String> refused :
        Map.of("no-such-user", "NO_SUCH_USER", "nobody:no-such", "NO_SUCH_USER", "nobody", "EACCES")
            .entrySet()) {
      assertThat(
              api.post(
                      processes, Map.of("command", List.of("/root/mine"), "user", refused.getKey()))
                  .expecting(422)
                  .get("code")
                  .asString())
          .isEqualTo(refused.getValue());
    }
  }

  private String as(String user, String line) {
    return Api.text(
        api.post(processes, Map.of("shell", line, "user", user)).expecting(200), "stdout");
  }

  @Test
  void withoutInputThereIsNoneAtAll() {
    assertThat(api.exec(sandbox, "cat").get("exit").get("code").asInt()).isZero();
  }

  @Test
  void binaryOutputComesBackByteForByte() throws Exception {
    JsonNode ended =
        api.shell(
            sandbox, "head -c 300000 /dev/urandom | tee /tmp/random; sha256sum /tmp/random >&2");
    byte[] bytes = api.get(processes + "/" + ended.get("pid").asLong() + "/stdout").body();
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    assertThat(Api.text(ended, "stderr")).startsWith(sum);
  }

  @Test
  void aReaderThatDoesNotReadHoldsUpNobodyAndMissesNothing() throws Exception {
    long pid =
        api.start(
            sandbox, Map.of("shell", "head -c 40000000 /dev/urandom", "outputLimit", "128Mi"));
    String path = processes + "/" + pid;
    try (InputStream slow = api.stream(path + "/stdout?follow=true");
        InputStream events = api.stream(path + "/output?follow=true&base64=true")) {
      // Far more than connections hold: both are stuck, and the process ends all the same.
      assertThat(api.awaitExit(sandbox, pid).get("exit").get("code").asInt()).isZero();
      byte[] whole = api.get(path + "/stdout").body();
      assertThat(whole).hasSize(40_000_000);
      assertThat(java.util.Arrays.equals(slow.readAllBytes(), whole)).isTrue();
      assertThat(new String(events.readAllBytes(), StandardCharsets.UTF_8)).contains("event: exit");
    }
  }

  @Test
  void rangesOfTheRawBytesCanBeRead() {
    long pid = api.shell(sandbox, "printf 0123456789").get("pid").asLong();
    Api.Reply part = api.get(processes + "/" + pid + "/stdout", "Range", "bytes=2-4");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("234");
    assertThat(api.get(processes + "/" + pid + "/stdout", "Range", "bytes=-3").text())
        .isEqualTo("789");
    assertThat(api.get(processes + "/" + pid + "/stdout", "Range", "bytes=50-").status())
        .isEqualTo(416);
  }

  @Test
  void twoHundredMegabytesPassAndWhatTheBoundDroppedIsCounted() {
    JsonNode ended = api.shell(sandbox, "head -c 200000000 /dev/zero");
    JsonNode stdout = ended.get("stdout");
    assertThat(stdout.get("bytes").asLong()).isEqualTo(200_000_000L);
    assertThat(stdout.get("dropped").asLong()).isGreaterThan(100_000_000L);
    byte[] kept = api.get(processes + "/" + ended.get("pid").asLong() + "/stdout").body();
    assertThat(kept.length)
        .isEqualTo((int) (200_000_000L - stdout.get("dropped").asLong()))
        .isGreaterThan(40_000_000);
  }

  @Test
  void aCharacterSplitAcrossWritesComesOutWhole() throws IOException {
    String line =
        "printf '\\303'; sleep 0.2; printf '\\244'; sleep 0.2; printf '\\342\\202'; sleep 0.2; printf '\\254\\n'";
    long pid = api.shell(sandbox, line).get("pid").asLong();
    List<JsonNode> events = events(processes + "/" + pid + "/output");
    String text = "";
    for (JsonNode event : events) {
      if (event.has("data")) {
        text += event.get("data").asString();
      }
    }
    assertThat(text).isEqualTo("ä€\n");
  }

  @Test
  void followersSeeOutputInOrderAsItComesAndResumeWithoutLossOrRepetition() throws IOException {
    long pid =
        api.start(
            sandbox,
            "sh",
            "-c",
            "for i in 1 2 3 4 5 6; do echo o$i; echo e$i >&2; sleep 0.1; done");
    List<JsonNode> all = events(processes + "/" + pid + "/output?follow=true");
    List<String> texts =
        all.stream().filter(e -> e.has("data")).map(e -> e.get("data").asString()).toList();
    assertThat(String.join("", texts))
        .isEqualTo("o1\ne1\no2\ne2\no3\ne3\no4\ne4\no5\ne5\no6\ne6\n");
    long middle = all.get(all.size() / 2).get("seq").asLong();
    List<JsonNode> rest =
        events(processes + "/" + pid + "/output", "Last-Event-ID", Long.toString(middle));
    List<Long> sequences =
        rest.stream().filter(e -> e.has("data")).map(e -> e.get("seq").asLong()).toList();
    assertThat(sequences)
        .isNotEmpty()
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(seq -> seq > middle);
    assertThat(all.getLast().toString()).contains("EXITED");
  }

  @Test
  void aForegroundProcessOutlivesTheClientThatHangsUp() throws Exception {
    String marker = "hang-up-" + System.nanoTime();
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer =
          client.sendAsync(
              api.request(processes, "Content-Type", "application/json")
                  .POST(
                      java.net.http.HttpRequest.BodyPublishers.ofString(
                          "{\"shell\":\"echo " + marker + "; sleep 2; echo done\"}"))
                  .build(),
              java.net.http.HttpResponse.BodyHandlers.discarding());
      long pid = awaitPid(marker);
      answer.cancel(true);
      client.shutdownNow();
      JsonNode ended = api.awaitExit(sandbox, pid);
      assertThat(ended.get("exit").get("code").asInt()).isZero();
      assertThat(api.get(processes + "/" + pid + "/stdout").text()).isEqualTo(marker + "\ndone\n");
    }
  }

  @Test
  void aSignalGoesToTheWholeGroupAndTheEndSaysWhoSentIt() {
    long pid = api.start(sandbox, "sh", "-c", "sleep 1001 & sleep 1002; wait");
    api.post(processes + "/" + pid + "/signal", Map.of("signal", "TERM")).expecting(200);
    JsonNode exit = api.awaitExit(sandbox, pid).get("exit");
    assertThat(exit.get("signal").asString()).isEqualTo("TERM");
    assertThat(exit.get("code").asInt()).isEqualTo(143);
    assertThat(exit.get("cause").asString()).isEqualTo("KILLED_BY_USER");
    assertThat(Machine.run("docker", "top", Machine.container(sandbox)))
        .doesNotContain("sleep 1001", "sleep 1002");
    JsonNode own = api.shell(sandbox, "kill -9 $$");
    assertThat(own.get("exit").get("cause").asString()).isEqualTo("SIGNALED");
    api.post(processes + "/" + pid + "/signal", Map.of("signal", "NOPE")).expecting(400);
  }

  @Test
  void aTimeoutEndsTheTree() {
    JsonNode ended =
        api.post(processes, Map.of("shell", "sleep 1003 & echo begun; wait", "timeout", "PT0.5S"))
            .expecting(200);
    assertThat(ended.get("exit").get("cause").asString()).isEqualTo("TIMEOUT");
    assertThat(Api.text(ended, "stdout")).isEqualTo("begun\n");
    assertThat(Machine.run("docker", "top", Machine.container(sandbox)))
        .doesNotContain("sleep 1003");
  }

  @Test
  void deletingAProcessThatIgnoresTermKillsItAfterTheGrace() {
    long pid = api.start(sandbox, "sh", "-c", "trap '' TERM; while :; do sleep 1; done");
    JsonNode ended = api.delete(processes + "/" + pid + "?grace=PT0.5S").expecting(200);
    assertThat(ended.get("exit").get("signal").asString()).isEqualTo("KILL");
    assertThat(ended.get("exit").get("cause").asString()).isEqualTo("KILLED_BY_USER");
  }

  @Test
  void whatMakesNoSenseIsRefusedByTheNameOfTheField() {
    assertThat(api.post(processes, Map.of()).expecting(400).get("detail").asString())
        .contains("command");
    assertThat(
            api.post(processes, Map.of("command", List.of("true"), "shell", "true"))
                .expecting(400)
                .get("detail")
                .asString())
        .contains("shell");
    assertThat(
            api.post(processes, Map.of("command", List.of("true"), "colour", "red"))
                .expecting(400)
                .get("detail")
                .asString())
        .contains("colour");
    api.get(processes + "/999999").expecting(404);
  }

  @Test
  void manyShortProcessesLeaveNoZombieAndNoDescriptor() {
    long supervisor = Machine.hostPids(sandbox, "java").getFirst();
    int before = descriptors(supervisor);
    for (int i = 0; i < 500; i++) {
      assertThat(api.exec(sandbox, "true").get("exit").get("code").asInt()).isZero();
    }
    assertThat(Machine.run("docker", "top", Machine.container(sandbox), "-eo", "pid,stat,comm"))
        .doesNotContain(" Z");
    assertThat(descriptors(supervisor)).isLessThanOrEqualTo(before + 4);
  }

  private static int descriptors(long pid) {
    return Machine.run("ls", "/proc/" + pid + "/fd").split("\\s+").length;
  }

  private long awaitPid(String marker) throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      for (JsonNode process : api.get(processes + "?limit=500").expecting(200).get("items")) {
        if (process.get("command").toString().contains(marker)) {
          return process.get("pid").asLong();
        }
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new AssertionError("the process did not appear in the list");
  }

  /** The data of every event of a stream, to its end. */
  private List<JsonNode> events(String path, String... headers) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    try (InputStream in = api.stream(path, headers);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data:")) {
          found.add(Api.JSON.readTree(line.substring(5)));
        }
      }
    }
    return found;
  }
}
