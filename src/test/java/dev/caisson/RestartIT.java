package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
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
  void openStreamsDoNotHoldUpAStop(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
      long pid = api.start(sandbox, "sh", "-c", "echo first; sleep 1000");
      List<InputStream> streams = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        InputStream stream =
            api.stream("/v1/sandboxes/" + sandbox + "/processes/" + pid + "/output?follow=true");
        assertThat(stream.read()).isPositive();
        streams.add(stream);
      }
      Duration took = service.terminate();
      assertThat(took).isLessThan(Duration.ofSeconds(5));
      for (InputStream stream : streams) {
        drain(stream);
      }
      service.start();
      assertThat(service.api().get("/v1/sandboxes/" + sandbox).json().get("state").asString())
          .isEqualTo("READY");
    }
  }

  private static void drain(InputStream stream) throws IOException {
    try (stream) {
      stream.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }
}
