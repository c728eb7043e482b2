package dev.caisson.it.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What becomes of sandboxes where the host's disk, or what they may keep of it, is used up. */
@Timeout(240)
class HostDiskIT {

  @Test
  void nothingIsMadeWhereTooLittleIsFree(@TempDir Path home) {
    try (ServiceProcess service =
        ServiceProcess.start(home, Map.of("CAISSON_DISK_REFUSEBELOW", "0.9999"))) {
      JsonNode refused =
          service.api().post("/v1/sandboxes", Map.of("image", Machine.STATIC)).expecting(507);

      assertThat(refused.get("code").asString()).isEqualTo("HOST_DISK_FULL");
      assertThat(refused.get("detail").asString()).contains("is free", "delete");
      assertThat(service.api().get("/v1/sandboxes").expecting(200).get("items")).isEmpty();
    }
  }

  @Test
  void theLargestIsEndedWhereNearlyNothingIsFree(@TempDir Path home) throws Exception {
    // Ended, not closed: its sandboxes stay.
    ServiceProcess before = ServiceProcess.start(home, Map.of("CAISSON_DISK_ENDBELOW", "0"));
    String small = before.api().sandbox(Map.of("image", Machine.STATIC));
    String large = before.api().sandbox(Map.of("image", Machine.STATIC));
    before.api().shellIn(large, "/bin/busybox dd if=/dev/zero of=/big bs=1M count=64 2>/dev/null");
    before.terminate();
    try (ServiceProcess service =
        ServiceProcess.start(home, Map.of("CAISSON_DISK_ENDBELOW", "0.9999"))) {
      JsonNode first = ended(service.api(), large);
      assertThat(first.get("reason").asString()).isEqualTo("DISK_FULL");
      assertThat(first.get("detail").asString()).contains("are free", "largest");
      JsonNode second = ended(service.api(), small);
      assertThat(second.get("reason").asString()).isEqualTo("DISK_FULL");
      assertThat(second.get("endedAt").asString()).isGreaterThan(first.get("endedAt").asString());
    }
  }

  @Test
  void whoeverKeepsMoreThanItMayIsEnded(@TempDir Path home) {
    try (ServiceProcess service =
        ServiceProcess.start(
            home,
            Map.of(
                "CAISSON_SANDBOX_DISK", "32MB",
                "CAISSON_DISK_LOOK", "200ms",
                "CAISSON_DISK_MEASURE", "500ms"))) {
      Api api = service.api();
      String modest = api.sandbox(Map.of("image", Machine.STATIC));
      String files = api.sandbox(Map.of("image", Machine.STATIC));
      String state = api.sandbox(Map.of("image", Machine.STATIC));
      writes(api, files, "dd if=/dev/zero of=/big bs=1M count=48");
      writes(api, state, "dd if=/dev/zero of=/var/lib/caisson/big bs=1M count=48");
      for (String over : new String[] {files, state}) {
        JsonNode ended = ended(api, over);
        assertThat(ended.get("reason").asString()).isEqualTo("DISK_FULL");
        assertThat(ended.get("detail").asString()).contains("may keep 33554432");
      }
      assertThat(api.get("/v1/sandboxes/" + modest).expecting(200).get("state").asString())
          .isEqualTo("READY");
    }
  }

  @Test
  void whatWasAskedForBoundsFilesAndOutputAlike(@TempDir Path home) {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      Map<String, Object> small =
          Map.of("image", Machine.STATIC, "resources", Map.of("disk", "64Mi"));
      String files = api.sandbox(small);
      String output = api.sandbox(small);
      String hosts = api.sandbox(small);
      String modest = api.sandbox(small);
      String usual = api.sandbox(Map.of("image", Machine.STATIC));
      assertThat(disk(api, files)).isEqualTo(64L << 20);
      assertThat(disk(api, usual)).isEqualTo(20L << 30);

      for (String one : List.of(files, usual)) {
        writes(api, one, "dd if=/dev/zero of=/big bs=1M count=200");
      }
      writes(api, modest, "dd if=/dev/zero of=/big bs=1M count=40");
      // What a sparse file pretends to be is kept nowhere.
      writes(api, modest, "dd if=/dev/zero of=/sparse bs=1 count=1 seek=1G");
      writes(api, hosts, "dd if=/dev/zero of=/etc/hosts bs=1M count=200");
      // Journals have a bound each, and their number has none.
      for (int i = 0; i < 4; i++) {
        writes(api, output, "dd if=/dev/zero bs=1M count=200");
      }

      for (String over : List.of(files, output, hosts)) {
        JsonNode ended = ended(api, over);
        assertThat(ended.get("reason").asString()).isEqualTo("DISK_FULL");
        assertThat(ended.get("detail").asString()).contains("may keep " + (64L << 20));
      }
      JsonNode held = api.get("/v1/host").expecting(200).get("disk");
      assertThat(held.get("enforced").asString()).isEqualTo("WATCHED");
      assertThat(held.get("defaultLimit").asLong()).isEqualTo(20L << 30);
      for (String other : List.of(modest, usual)) {
        assertThat(api.exec(other, "/bin/busybox", "true").get("exit").get("code").asInt())
            .isZero();
      }
    }
  }

  private static void writes(Api api, String sandbox, String command) {
    api.post(
            "/v1/sandboxes/" + sandbox + "/processes",
            Map.of(
                "command",
                List.of("/bin/busybox", "sh", "-c", "/bin/busybox " + command),
                "background",
                true))
        .expecting(201);
  }

  private static long disk(Api api, String sandbox) {
    JsonNode now = api.get("/v1/sandboxes/" + sandbox).expecting(200);
    return now.get("resources").get("disk").asLong();
  }

  private static JsonNode ended(Api api, String sandbox) {
    return Eventually.holds(
        () -> api.get("/v1/sandboxes/" + sandbox).expecting(200),
        now -> now.get("state").asString().equals("ENDED"));
  }
}
