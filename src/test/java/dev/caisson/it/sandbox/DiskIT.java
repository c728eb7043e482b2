package dev.caisson.it.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A disk with a limit: full in its own sandbox alone, told in time, pruned, and gone at the end.
 */
class DiskIT {
  private static final long LIMIT = 256L << 20;

  @Test
  void aFullDiskIsFullInItsOwnSandboxAlone(@TempDir Path home) throws IOException {
    try (ServiceProcess service =
        ServiceProcess.start(home, Map.of("CAISSON_SANDBOX_DOCKER_PRUNEAT", "0"))) {
      Api api = service.api();
      String limited = sandbox(api, "256Mi");
      String other = api.dockerSandbox(Machine.STATIC);
      JsonNode answer = api.get("/v1/sandboxes/" + limited).expecting(200);
      assertThat(answer.get("resources").get("disk").asLong()).isEqualTo(LIMIT);
      JsonNode empty = until(api, limited, disk -> disk.get("used").asLong() > 0);
      assertThat(empty.get("limit").asLong()).isEqualTo(LIMIT);
      assertThat(until(api, other, disk -> true).get("limit").isNull()).isTrue();

      long before = hostBytes(home, limited);
      write(api, limited, 228, 0);
      awaitEvent(api, limited, "NEAR_LIMIT");
      JsonNode full =
          api.exec(limited, "docker", "exec", "writer", "dd", "if=/dev/zero", "of=/v/more");
      assertThat(full.get("exit").get("code").asInt()).isNotZero();
      assertThat(Api.text(full, "stderr")).contains("No space left on device");
      awaitEvent(api, limited, "FULL");

      JsonNode elsewhere =
          api.exec(
              other,
              "docker",
              "run",
              "--rm",
              "busybox",
              "dd",
              "if=/dev/zero",
              "of=/a",
              "bs=1M",
              "count=300");
      assertThat(elsewhere.get("exit").get("code").asInt()).as(elsewhere.toString()).isZero();
      Files.write(home.resolve("of-the-host"), new byte[1 << 20]);
      JsonNode list = api.exec(limited, "docker", "ps", "-q");
      assertThat(list.get("exit").get("code").asInt()).as("the daemon survives").isZero();
      assertThat(hostBytes(home, limited)).isGreaterThan(before + (200L << 20));

      assertThat(api.exec(limited, "docker", "rm", "-f", "writer").get("exit").get("code").asInt())
          .isZero();
      JsonNode pruned =
          api.post("/v1/sandboxes/" + limited + "/docker/prune", Map.of("volumes", "unused"))
              .expecting(200);
      assertThat(Api.text(pruned.get("processes").get(0), "stdout"))
          .contains("Total reclaimed space");
      awaitEvent(api, limited, "OK");
      assertThat(until(api, limited, disk -> disk.get("used").asLong() < LIMIT / 2)).isNotNull();
      Eventually.holds(() -> hostBytes(home, limited), bytes -> bytes < 100L << 20);
      write(api, limited, 100, 0);
      end(api, limited);
      end(api, other);
      assertThat(Machine.loopDevices(home)).isEmpty();
      assertThat(home.resolve("disks")).isEmptyDirectory();
    }
  }

  @Test
  void whatNobodyHasNamedGoesByItselfAtTheWatermark(@TempDir Path home) {
    try (ServiceProcess service =
        ServiceProcess.start(home, Map.of("CAISSON_SANDBOX_DOCKER_PRUNEAT", "0.5"))) {
      Api api = service.api();
      String sandbox = sandbox(api, "256Mi");
      // Both images have one layer, which is there once, and for a moment twice: 22 + 10 + 2 × 60
      // of 256.
      write(api, sandbox, 10, 60);
      for (int i = 0; i < 2; i++) {
        // The second takes the name from the first, which is dangling then.
        JsonNode image = api.exec(sandbox, "docker", "commit", "writer", "mine");
        assertThat(image.get("exit").get("code").asInt()).as(image.toString()).isZero();
      }
      Eventually.holds(
          () -> api.get("/v1/sandboxes/" + sandbox + "/processes").expecting(200).toString(),
          processes -> processes.contains("\"docker\",\"image\",\"prune\",\"--force\""));
      Eventually.holds(
          () ->
              Api.text(
                  api.exec(sandbox, "docker", "images", "-q", "--filter=dangling=true"), "stdout"),
          String::isEmpty);
      assertThat(Api.text(api.exec(sandbox, "docker", "images", "-q", "mine"), "stdout"))
          .as("what has a name stays")
          .isNotBlank();
      end(api, sandbox);
    }
  }

  @Test
  void aDiskGoesWithItsSandboxWhateverBecomesOfTheService(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      String kept = sandbox(service.api(), "128Mi");
      String lost = sandbox(service.api(), "128Mi");
      service.kill();
      Machine.run("docker", "rm", "-fv", Machine.container(lost));
      // As by a service that ended between the disk and the container.
      Path orphan = home.resolve("disks/sb-22222222.img");
      Files.write(orphan, new byte[1 << 20]);
      Machine.run("losetup", "--find", orphan.toString());
      service.start();
      Api api = service.api();
      Eventually.holds(() -> Files.exists(orphan), there -> !there);
      api.get("/v1/sandboxes/" + lost + "?waitFor=ENDED&timeout=PT60S").expecting(200);
      assertThat(home.resolve("disks/" + lost + ".img")).doesNotExist();
      assertThat(Machine.loopDevices(home)).hasSize(1);
      write(api, kept, 20, 0);
      end(api, kept);
      assertThat(Machine.loopDevices(home)).isEmpty();
      assertThat(Machine.run("docker", "volume", "ls", "-q", "--filter", "name=caisson-docker-"))
          .doesNotContain(kept, lost);
    }
  }

  @Test
  void whatTheDaemonKeepsCountsWithTheRest(@TempDir Path home) {
    try (ServiceProcess service =
        ServiceProcess.start(home, Map.of("CAISSON_SANDBOX_DOCKER_PRUNEAT", "0"))) {
      Api api = service.api();
      String sandbox = sandbox(api, "256Mi");
      write(api, sandbox, 150, 0);
      // Neither is too much alone.
      api.post(
              "/v1/sandboxes/" + sandbox + "/processes",
              Map.of(
                  "command",
                  List.of("/bin/busybox", "dd", "if=/dev/zero", "of=/big", "bs=1M", "count=150"),
                  "background",
                  true))
          .expecting(201);
      JsonNode ended =
          Eventually.holds(
              () -> api.get("/v1/sandboxes/" + sandbox).expecting(200),
              now -> now.get("state").asString().equals("ENDED"));
      assertThat(ended.get("reason").asString()).isEqualTo("DISK_FULL");
      assertThat(ended.get("detail").asString()).contains("may keep " + LIMIT);
      assertThat(Machine.loopDevices(home)).isEmpty();
    }
  }

  @Test
  void whatIsNoSizeOfADiskIsRefused(@TempDir Path home) {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      service
          .api()
          .post(
              "/v1/sandboxes",
              Map.of("resources", Map.of("disk", "1Mi"), "docker", Map.of("enabled", true)))
          .expecting(400);
    }
  }

  private static String sandbox(Api api, String disk) {
    String id =
        api.sandbox(
            Map.of(
                "image",
                Machine.STATIC,
                "resources",
                Map.of("disk", disk),
                "docker",
                Map.of("enabled", true)));
    JsonNode daemon =
        api.get("/v1/sandboxes/" + id + "/docker?waitFor=READY&timeout=PT2M").expecting(200);
    assertThat(daemon.get("state").asString()).as(daemon.toString()).isEqualTo("READY");
    return id;
  }

  /** A container that has written so much to a volume, and to its own layer, and stays. */
  private static void write(Api api, String sandbox, int volumeMegabytes, int layerMegabytes) {
    docker(
        api, sandbox, "run", "-d", "--name=writer", "--volume=data:/v", "busybox", "sleep", "1d");
    String line =
        "dd if=/dev/zero of=/v/a bs=1M count=%d && dd if=/dev/zero of=/b bs=1M count=%d"
            .formatted(volumeMegabytes, layerMegabytes);
    docker(api, sandbox, "exec", "writer", "sh", "-c", line);
  }

  private static void docker(Api api, String sandbox, String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    JsonNode run =
        api.post("/v1/sandboxes/" + sandbox + "/processes", Map.of("command", command))
            .expecting(200);
    assertThat(run.get("exit").get("code").asInt()).as(run.toString()).isZero();
  }

  private static JsonNode until(Api api, String sandbox, Predicate<JsonNode> wanted) {
    return Eventually.holds(
        () -> api.get("/v1/sandboxes/" + sandbox + "/docker").expecting(200).get("disk"),
        disk -> !disk.isNull() && wanted.test(disk));
  }

  private static void awaitEvent(Api api, String sandbox, String level) {
    String path = "/v1/sandboxes/" + sandbox + "/events?after=0&type=disk";
    try (var stream = api.stream(path);
        var lines = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("\"level\":\"" + level + "\"")) {
          return;
        }
      }
      throw new AssertionError("the events ended before " + level);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the disk takes of the host's. */
  private static long hostBytes(Path home, String sandbox) {
    String file = home.resolve("disks/" + sandbox + ".img").toString();
    return Long.parseLong(Machine.run("stat", "-c", "%b", file)) * 512;
  }

  private static void end(Api api, String sandbox) {
    JsonNode ended = api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
    assertThat(ended.get("state").asString()).isEqualTo("ENDED");
  }
}
