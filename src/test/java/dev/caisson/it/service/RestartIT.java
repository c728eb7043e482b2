package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The service goes and comes back; sandboxes, processes and output do not notice. */
class RestartIT {

  @Test
  void aServiceKilledInTheMiddleOfAProcessFindsItAgainWithItsWholeOutput(@TempDir Path home)
      throws InterruptedException {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox =
          api.sandbox(Map.of("image", Machine.DEBIAN, "name", "kept", "labels", Map.of("a", "b")));
      String ended = api.sandbox(Map.of("image", Machine.DEBIAN));
      long past = api.shell(ended, "echo of the past").get("pid").asLong();
      api.delete("/v1/sandboxes/" + ended + "?grace=PT0S").expecting(200);
      long pid =
          api.start(
              sandbox,
              "sh",
              "-c",
              "i=0; while [ $i -lt 200 ]; do echo line $i; i=$((i+1)); sleep 0.05; done; exit 42");

      service.kill();
      service.start();

      api = service.api();
      JsonNode found = api.get("/v1/sandboxes/" + sandbox).expecting(200);
      assertThat(found.get("state").asString()).isEqualTo("READY");
      assertThat(found.get("name").asString()).isEqualTo("kept");
      assertThat(found.get("labels").get("a").asString()).isEqualTo("b");
      JsonNode process = api.awaitExit(sandbox, pid);
      assertThat(process.get("pid").asLong()).isEqualTo(pid);
      assertThat(process.get("exit").get("code").asInt()).isEqualTo(42);
      StringBuilder whole = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        whole.append("line ").append(i).append('\n');
      }
      assertThat(api.get("/v1/sandboxes/" + sandbox + "/processes/" + pid + "/stdout").text())
          .isEqualTo(whole.toString());
      assertThat(api.get("/v1/sandboxes/" + ended + "/processes/" + past + "/stdout").text())
          .isEqualTo("of the past\n");
    }
  }

  @Test
  void aSandboxWhoseContainerIsKilledFromOutsideEndsAndKeepsItsOutput(@TempDir Path home) {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
      long pid = api.shell(sandbox, "echo kept").get("pid").asLong();
      Machine.run("docker", "kill", Machine.container(sandbox));

      JsonNode over =
          api.get("/v1/sandboxes/" + sandbox + "?waitFor=ENDED&timeout=PT30S").expecting(200);
      assertThat(over.get("state").asString()).isEqualTo("ENDED");
      assertThat(over.get("reason").asString()).isEqualTo("SUPERVISOR_LOST");
      assertThat(api.get("/v1/sandboxes/" + sandbox + "/processes/" + pid + "/stdout").text())
          .isEqualTo("kept\n");
    }
  }

  @Test
  void whatNobodyUsesExpiresAndWhatRunsDoesNot(@TempDir Path home) {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String idle = api.sandbox(Map.of("image", Machine.DEBIAN, "ttl", "PT2S"));
      String busy = api.sandbox(Map.of("image", Machine.DEBIAN, "ttl", "PT2S"));
      api.start(busy, "sleep", "1000");
      JsonNode expired =
          api.get("/v1/sandboxes/" + idle + "?waitFor=ENDED&timeout=PT30S").expecting(200);
      assertThat(expired.get("reason").asString()).isEqualTo("EXPIRED");
      JsonNode alive =
          api.get("/v1/sandboxes/" + busy + "?waitFor=ENDED&timeout=PT3S").expecting(200);
      assertThat(alive.get("state").asString()).isEqualTo("READY");
      JsonNode patched = api.patch("/v1/sandboxes/" + busy, "{\"ttl\":null}").expecting(200);
      assertThat(patched.get("expiresAt").isNull()).isTrue();
    }
  }

  @Test
  void aThousandOpenStreamsDoNotHoldUpAStopAndEachCanBeResumed(@TempDir Path home)
      throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      List<String> outputs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
        long pid = api.start(sandbox, Map.of("shell", "echo first; cat", "stdinOpen", true));
        outputs.add("/v1/sandboxes/" + sandbox + "/processes/" + pid);
      }
      List<BufferedReader> streams = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        String path = outputs.get(i % outputs.size()) + "/output?follow=true";
        streams.add(
            new BufferedReader(new InputStreamReader(api.stream(path), StandardCharsets.UTF_8)));
      }
      for (BufferedReader stream : streams) {
        assertThat(lastId(stream, "first")).isEqualTo("1");
      }
      Duration took = service.terminate();
      System.out.println("a stop with 1000 open streams took " + took.toMillis() + " ms");
      // About 2 s (bench/README.md); its thousand clients share its processors.
      assertThat(took).isLessThan(Duration.ofSeconds(5));
      for (BufferedReader stream : streams) {
        // Whole to its last chunk: a connection that is cut throws here.
        assertThat(stream.lines().filter(line -> line.startsWith("event"))).isEmpty();
      }
      service.start();
      for (String output : outputs) {
        service
            .api()
            .postBytes(output + "/stdin?close=true", "second\n".getBytes(StandardCharsets.UTF_8))
            .expecting(200);
        String rest = service.api().get(output + "/output?follow=true&after=1").text();
        assertThat(rest).contains("second", "event: exit").doesNotContain("\"data\":\"first");
      }
    }
  }

  /** The id of the first event, in which there is this. */
  private static String lastId(BufferedReader stream, String wanted) throws IOException {
    String id = "";
    for (String line = stream.readLine(); !line.isEmpty(); line = stream.readLine()) {
      if (line.startsWith("id:")) {
        id = line.substring(3).strip();
      } else if (line.startsWith("data:")) {
        assertThat(line).contains(wanted);
      }
    }
    return id;
  }
}
