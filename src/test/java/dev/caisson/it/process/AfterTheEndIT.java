package dev.caisson.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** However a sandbox ends: what its processes did is told, again and again, and after a restart. */
public class AfterTheEndIT {
  private static final String OUT = "to stdout\n";
  private static final String ERR = "to stderr\n";
  private static final String SAY = "echo to stdout; echo to stderr >&2; ";
  private static final Map<String, Object> SMALL = Map.of("resources", Map.of("memory", "128Mi"));

  @TempDir Path home;

  @Test
  void howeverItEndsWhatItsProcessesDidIsTold() throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      List<Ended> all = new ArrayList<>();
      all.add(end(api, "TERMINATED", Map.of(), id -> api.delete("/v1/sandboxes/" + id)));
      all.add(end(api, "OUT_OF_MEMORY", SMALL, id -> outOfMemory(api, id)));
      all.add(end(api, "SUPERVISOR_LOST", Map.of(), id -> docker("kill", id)));
      all.add(end(api, null, Map.of(), id -> docker("rm", "-f", id)));
      all.add(end(api, "EXPIRED", Map.of("ttl", "PT5S"), id -> {}));
      Ended removed = end(api, "ENGINE_LOST", Map.of(), id -> {});
      Ended lost = end(api, "ENGINE_LOST", Map.of(), id -> {});

      check(api, all);
      check(api, all);
      Eventually.holds(
          () -> api.get("/actuator/prometheus").text(),
          text -> text.contains("caisson_ledger_pending 0.0"));
      service.kill();
      docker("rm", "-f", removed.sandbox());
      docker("rm", "-f", lost.sandbox());
      Machine.run("docker", "volume", "rm", "caisson-state-" + lost.sandbox());
      all.add(removed);
      for (int i = 0; i < 2; i++) {
        service.start();
        check(service.api(), all);
        checkLost(service.api(), lost);
        service.kill();
      }
      service.start();
      for (Ended each : all) {
        assertThat(Machine.run("docker", "volume", "ls", "-q", "-f", "name=" + each.sandbox()))
            .isEmpty();
      }
    }
  }

  private static void outOfMemory(Api api, String sandbox) {
    // The kernel takes the one with the highest score: many small ones, and none as high as this.
    long supervisor = Machine.hostPids(sandbox, "java").getFirst();
    write("/proc/" + supervisor + "/oom_score_adj", "1000");
    String eater = "perl -e '$x = \"x\" x (8 << 20); sleep 1000' & ";
    // A moment later: the supervisor answers the start before it is killed.
    api.start(sandbox, "sh", "-c", "sleep 1; " + eater.repeat(20) + "wait");
  }

  private static void docker(String... command) {
    List<String> words = new ArrayList<>(List.of("docker"));
    for (String word : command) {
      words.add(word.startsWith("sb-") ? "caisson-" + word : word);
    }
    Machine.run(words.toArray(String[]::new));
  }

  /** What is known is told, and lost output is not empty output. */
  private static void checkLost(Api api, Ended lost) {
    over(api, lost);
    String processes = "/v1/sandboxes/" + lost.sandbox() + "/processes/";
    JsonNode first = api.get(processes + lost.ended()).expecting(200);
    assertThat(first.get("exit").get("code").asInt()).as(first.toString()).isEqualTo(3);
    JsonNode second = api.get(processes + lost.running()).expecting(200);
    assertThat(second.get("exit").get("cause").asString()).isEqualTo("SUPERVISOR_LOST");
    for (String endpoint : List.of("/stdout", "/stderr", "/output")) {
      JsonNode problem = api.get(processes + lost.ended() + endpoint).expecting(410);
      assertThat(problem.get("code").asString()).isEqualTo("OUTPUT_LOST");
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
      long pid = api.shell(sandbox, SAY).get("pid").asLong();
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
      assertThat(api.get(processes + pid + "/stdout").expecting(410).get("code").asString())
          .isEqualTo("OUTPUT_LOST");
      assertThat(api.get(processes + "9999").status()).isEqualTo(404);
    }
  }

  private interface End {
    void of(String sandbox);
  }

  /**
   * A sandbox with a process that has ended and one that runs.
   *
   * @param reason why it is to have ended, null where two are true
   */
  public record Ended(String sandbox, long ended, long running, @Nullable String reason) {}

  private static Ended end(Api api, @Nullable String reason, Map<String, Object> more, End end) {
    Map<String, Object> body = new HashMap<>(more);
    body.put("image", Machine.DEBIAN);
    Ended made = begun(api, body, reason);
    end.of(made.sandbox());
    return made;
  }

  public static Ended begun(Api api, Map<String, Object> body, @Nullable String reason) {
    String sandbox = api.sandbox(body);
    JsonNode ended = api.shell(sandbox, SAY + "exit 3");
    String sleep = "EXPIRED".equals(reason) ? "sleep 3" : "sleep 1000";
    // Later than the record of its start is written.
    long running = api.start(sandbox, "sh", "-c", "sleep 0.3; " + SAY + sleep);
    Eventually.holds(
        () -> api.get("/v1/sandboxes/" + sandbox + "/processes/" + running + "/stderr").text(),
        ERR::equals);
    return new Ended(sandbox, ended.get("pid").asLong(), running, reason);
  }

  public static void check(Api api, List<Ended> all) {
    for (Ended each : all) {
      over(api, each);
      JsonNode first = streams(api, each.sandbox(), each.ended());
      assertThat(first.get("exit").get("code").asInt()).as(first.toString()).isEqualTo(3);
      assertThat(first.get("exit").get("cause").asString()).isEqualTo("EXITED");
      JsonNode second = streams(api, each.sandbox(), each.running());
      assertThat(second.get("exit").get("cause").asString())
          .isIn(
              "EXPIRED".equals(each.reason())
                  ? Set.of("EXITED")
                  : Set.of("SANDBOX_ENDED", "SUPERVISOR_LOST"));
    }
  }

  private static void over(Api api, Ended each) {
    JsonNode over =
        api.get("/v1/sandboxes/" + each.sandbox() + "?waitFor=ENDED&timeout=PT60S").expecting(200);
    assertThat(over.get("state").asString()).as(over.toString()).isEqualTo("ENDED");
    if (each.reason() != null) {
      assertThat(over.get("reason").asString()).as(over.toString()).isEqualTo(each.reason());
    }
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
