package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** However a sandbox ends: what its processes did is told, again and again, and after a restart. */
class AfterTheEndIT {
  private static final String OUT = "to stdout\n";
  private static final String ERR = "to stderr\n";

  @TempDir Path home;

  @Test
  void terminated() throws Exception {
    whole("TERMINATED", Map.of(), (api, sandbox) -> api.delete("/v1/sandboxes/" + sandbox));
  }

  @Test
  void expired() throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN, "ttl", "PT3S"));
      long ended = said(api, sandbox);
      check(service, sandbox, ended, 0, "EXPIRED");
    }
  }

  @Test
  void outOfMemory() throws Exception {
    whole(
        "OUT_OF_MEMORY",
        Map.of("resources", Map.of("memory", "128Mi")),
        (api, sandbox) -> {
          // The kernel takes the largest: made the supervisor's, that ends the sandbox.
          long supervisor = Machine.hostPids(sandbox, "java").getFirst();
          write("/proc/" + supervisor + "/oom_score_adj", "1000");
          api.start(sandbox, "sh", "-c", "tail /dev/zero");
        });
  }

  @Test
  void killedFromOutside() throws Exception {
    whole(
        "SUPERVISOR_LOST",
        Map.of(),
        (api, sandbox) -> Machine.run("docker", "kill", Machine.container(sandbox)));
  }

  @Test
  void removedFromOutside() throws Exception {
    whole(
        null,
        Map.of(),
        (api, sandbox) -> Machine.run("docker", "rm", "-f", Machine.container(sandbox)));
  }

  @Test
  void removedFromOutsideWhileTheServiceWasAway() throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
      long ended = said(api, sandbox);
      long running =
          api.start(sandbox, "sh", "-c", "echo to stdout; echo to stderr >&2; sleep 1000");
      service.kill();
      Machine.run("docker", "rm", "-f", Machine.container(sandbox));
      service.start();
      check(service, sandbox, ended, running, "ENGINE_LOST");
    }
  }

  @Test
  void removedWithItsVolumeWhatIsKnownIsToldAndLostOutputIsNotEmptyOutput() throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
      long ended = said(api, sandbox);
      long running = api.start(sandbox, "sleep", "1000");
      Eventually.holds(
          () -> api.get("/actuator/prometheus").text(),
          text -> text.contains("caisson_ledger_pending 0.0"));
      service.kill();
      Machine.run("docker", "rm", "-f", Machine.container(sandbox));
      Machine.run("docker", "volume", "rm", "caisson-state-" + sandbox);
      for (int i = 0; i < 2; i++) {
        service.start();
        Api again = service.api();
        JsonNode over =
            again.get("/v1/sandboxes/" + sandbox + "?waitFor=ENDED&timeout=PT30S").expecting(200);
        assertThat(over.get("state").asString()).isEqualTo("ENDED");
        String processes = "/v1/sandboxes/" + sandbox + "/processes/";
        JsonNode first = again.get(processes + ended).expecting(200);
        assertThat(first.get("exit").get("code").asInt()).isEqualTo(3);
        JsonNode second = again.get(processes + running).expecting(200);
        assertThat(second.get("exit").get("cause").asString()).isEqualTo("SUPERVISOR_LOST");
        for (String endpoint : new String[] {"/stdout", "/stderr", "/output"}) {
          JsonNode problem = again.get(processes + ended + endpoint).expecting(410);
          assertThat(problem.get("code").asString()).isEqualTo("OUTPUT_LOST");
        }
        service.kill();
      }
      service.start();
    }
  }

  @Test
  void aFullArchiveDropsTheOldestOutputAndSaysSo() throws Exception {
    try (ServiceProcess service =
        ServiceProcess.start(home, Map.of("CAISSON_SANDBOX_ARCHIVELIMIT", "1500KB"))) {
      Api api = service.api();
      String[] sandboxes = new String[2];
      long[] pids = new long[2];
      for (int i = 0; i < 2; i++) {
        sandboxes[i] = api.sandbox(Map.of("image", Machine.DEBIAN));
        pids[i] = api.shell(sandboxes[i], "head -c 1000000 /dev/zero").get("pid").asLong();
        api.delete("/v1/sandboxes/" + sandboxes[i]).expecting(200);
      }
      String first = "/v1/sandboxes/" + sandboxes[0] + "/processes/" + pids[0];
      Eventually.holds(() -> api.get(first + "/stdout").status(), status -> status == 410);
      assertThat(api.get(first).expecting(200).get("exit").get("code").asInt()).isZero();
      assertThat(
              api.get("/v1/sandboxes/" + sandboxes[1] + "/processes/" + pids[1] + "/stdout").body())
          .hasSize(1000000);
      assertThat(api.get("/actuator/prometheus").text())
          .contains("caisson_archive_limit_bytes 1536000.0", "caisson_archive_bytes 1");
    }
  }

  @Test
  void noLinkOfASandboxesRootIsFollowed() throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
      long pid = said(api, sandbox);
      String directory = "/var/lib/caisson/processes/" + pid;
      JsonNode forged =
          api.shell(
              sandbox,
              "cd "
                  + directory
                  + " && for f in *.journal; do rm $f; ln -s /etc/shadow $f; done; ln -s / root;"
                  + " mkdir -p ../9999 && ln -s /etc/shadow ../9999/record && mknod ../9999/p p");
      assertThat(forged.get("exit").get("code").asInt()).as(forged.toString()).isZero();
      api.delete("/v1/sandboxes/" + sandbox).expecting(200);

      Path archive = home.resolve("sandboxes").resolve(sandbox).resolve("processes");
      try (var files = Files.walk(archive)) {
        assertThat(
                files.filter(f -> !Files.isDirectory(f, java.nio.file.LinkOption.NOFOLLOW_LINKS)))
            .allMatch(f -> Files.isRegularFile(f, java.nio.file.LinkOption.NOFOLLOW_LINKS));
      }
      String processes = "/v1/sandboxes/" + sandbox + "/processes/";
      assertThat(api.get(processes + pid + "/stdout").text()).isEmpty();
      assertThat(api.get(processes + "9999").status()).isEqualTo(404);
    }
  }

  private interface End {
    void of(Api api, String sandbox);
  }

  /** Ends a sandbox in this way, with one process that has ended and one that runs. */
  private void whole(
      @org.jspecify.annotations.Nullable String reason, Map<String, Object> more, End end)
      throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      Map<String, Object> body = new java.util.HashMap<>(more);
      body.put("image", Machine.DEBIAN);
      String sandbox = api.sandbox(body);
      long ended = said(api, sandbox);
      long running =
          api.start(sandbox, "sh", "-c", "echo to stdout; echo to stderr >&2; sleep 1000");
      Eventually.holds(
          () -> api.get("/v1/sandboxes/" + sandbox + "/processes/" + running + "/stderr").text(),
          ERR::equals);
      end.of(api, sandbox);
      check(service, sandbox, ended, running, reason);
      assertThat(Machine.run("docker", "volume", "ls", "-q", "--filter", "name=" + sandbox))
          .isEmpty();
    }
  }

  /** A process that said something and ended with code 3. */
  static long said(Api api, String sandbox) {
    JsonNode ended = api.shell(sandbox, "echo to stdout; echo to stderr >&2; exit 3");
    return ended.get("pid").asLong();
  }

  /** Twice, and again after a restart. */
  static void check(
      ServiceProcess service,
      String sandbox,
      long ended,
      long running,
      @org.jspecify.annotations.Nullable String reason)
      throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      Api api = service.api();
      JsonNode over =
          api.get("/v1/sandboxes/" + sandbox + "?waitFor=ENDED&timeout=PT60S").expecting(200);
      assertThat(over.get("state").asString()).isEqualTo("ENDED");
      if (reason != null) {
        assertThat(over.get("reason").asString()).as(over.toString()).isEqualTo(reason);
      }
      JsonNode first = streams(api, sandbox, ended);
      assertThat(first.get("exit").get("code").asInt()).isEqualTo(3);
      assertThat(first.get("exit").get("cause").asString()).isEqualTo("EXITED");
      if (running != 0) {
        JsonNode second = streams(api, sandbox, running);
        assertThat(second.get("exit").get("cause").asString())
            .isIn(Set.of("SANDBOX_ENDED", "SUPERVISOR_LOST"));
      }
      if (i == 1) {
        service.kill();
        service.start();
      }
    }
    assertThat(Machine.run("docker", "volume", "ls", "-q", "--filter", "name=" + sandbox))
        .isEmpty();
  }

  private static JsonNode streams(Api api, String sandbox, long pid) {
    String process = "/v1/sandboxes/" + sandbox + "/processes/" + pid;
    assertThat(api.get(process + "/stdout").text()).isEqualTo(OUT);
    assertThat(api.get(process + "/stderr").text()).isEqualTo(ERR);
    assertThat(api.get(process + "/output").text())
        .contains("to stdout", "to stderr", "event: exit");
    return api.get(process).expecting(200);
  }

  private static void write(String path, String text) {
    try {
      Files.writeString(Path.of(path), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
