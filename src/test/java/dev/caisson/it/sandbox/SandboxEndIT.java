package dev.caisson.it.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** A sandbox ends and a service stops whatever goes on, and whoever waits for it is told. */
class SandboxEndIT {
  @TempDir Path home;

  @Test
  void aStepOfAnEndInWhichTheServiceIsKilledThreeTimesIsLeftOut() throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      String sandbox = service.api().sandbox(Map.of("image", Machine.DEBIAN));
      // Output that takes seconds to archive, and not a byte on the host's disk.
      service
          .api()
          .shell(
              sandbox,
              "cd /var/lib/caisson/processes && mkdir 9000"
                  + " && truncate -s 3900M 9000/0000000000000000000.journal");
      Api first = service.api();
      CompletableFuture<?> cut =
          CompletableFuture.runAsync(() -> first.delete(of(sandbox) + "?grace=PT0S"));
      Path crashes = home.resolve("endings").resolve(sandbox + ".archive");
      Path part = home.resolve("sandboxes").resolve(sandbox).resolve("processes.part/9000");
      for (int i = 1; i <= 3; i++) {
        int count = i;
        Eventually.holds(() -> size(crashes) == count && Files.exists(part), Boolean::booleanValue);
        service.kill();
        assertThat(size(crashes)).as("killed in the middle of it").isEqualTo(count);
        service.start();
      }
      cut.handle((_, _) -> null).join();

      JsonNode ended =
          service.api().get(of(sandbox) + "?waitFor=ENDED&timeout=PT60S").expecting(200);
      assertThat(ended.get("state").asString()).isEqualTo("ENDED");
      assertThat(ended.get("warnings").toString())
          .contains("archiving its output was left out: the service crashed in it 3 times");
      assertThat(container(sandbox)).isEmpty();
      assertThat(home.resolve("endings")).isEmptyDirectory();
    }
  }

  @Test
  void anEndThatTakesLongerIsAcceptedAndWhatRanReadsAsEndedWithIt() {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
      long deaf = api.start(sandbox, "sh", "-c", "trap '' TERM; while :; do sleep 1; done");
      long from = System.nanoTime();
      JsonNode ending = api.delete(of(sandbox) + "?grace=PT10M").expecting(202);
      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(32));
      assertThat(ending.get("state").asString()).isEqualTo("ENDING");
      assertThat(ending.get("warnings").toString()).contains("its processes have until");

      JsonNode ended = api.delete(of(sandbox) + "?grace=PT0S").expecting(200);
      assertThat(ended.get("reason").asString()).isEqualTo("TERMINATED");
      assertThat(api.process(sandbox, deaf).get("exit").get("cause").asString())
          .isEqualTo("SANDBOX_ENDED");
    }
  }

  @Test
  void waitsThatAreOpenAtAStopAreToldToAskAgain() throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
      long pid = api.start(sandbox, "sleep", "1000");
      List<CompletableFuture<Api.Reply>> waits = new ArrayList<>();
      for (String path :
          List.of(
              "?waitFor=ENDED&timeout=PT5M",
              "/processes/" + pid + "?waitFor=EXITED&timeout=PT5M")) {
        for (int i = 0; i < 3; i++) {
          waits.add(CompletableFuture.supplyAsync(() -> api.get(of(sandbox) + path), THREADS));
        }
      }
      // The one that asks is one of them.
      Eventually.holds(() -> active(api), count -> count == waits.size() + 1);
      assertThat(service.terminate()).isLessThan(Duration.ofSeconds(5));
      for (CompletableFuture<Api.Reply> wait : waits) {
        JsonNode problem = wait.get().expecting(503);
        assertThat(problem.get("code").asString()).isEqualTo("SERVICE_STOPPING");
        assertThat(wait.get().response().headers().firstValueAsLong("Retry-After")).isPresent();
      }
      service.start();
      assertThat(service.api().process(sandbox, pid).get("exit").isNull()).isTrue();
    }
  }

  @Test
  void sandboxesWhoseRecordsAreLostRunOnAndAreThereAgainWithThem() throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      String sandbox = service.api().sandbox(Map.of("image", Machine.DEBIAN));
      long pid = service.api().start(sandbox, "sleep", "1000");
      service.terminate();
      Path database = home.resolve("database");
      Path saved = Files.move(database, home.resolve("saved"));

      service.start();
      service.api().get(of(sandbox)).expecting(404);
      Eventually.holds(service::logText, text -> text.contains("that are in no record"));
      assertThat(container(sandbox)).isNotEmpty();
      service.terminate();

      FileSystemUtils.deleteRecursively(database);
      Files.move(saved, database);
      service.start();
      assertThat(service.api().process(sandbox, pid).get("exit").isNull()).isTrue();
    }
  }

  private static final java.util.concurrent.Executor THREADS =
      task -> Thread.ofVirtual().start(task);

  /** How many requests are being answered. */
  private static long active(Api api) {
    return api.get("/actuator/prometheus")
        .text()
        .lines()
        .filter(line -> line.matches("http_server_requests_active_seconds_(active_)?count.*"))
        .mapToLong(line -> Math.round(Double.parseDouble(line.substring(line.lastIndexOf(' ')))))
        .sum();
  }

  private static String container(String sandbox) {
    return Machine.run("docker", "ps", "-aq", "-f", "label=dev.caisson.sandbox=" + sandbox);
  }

  private static String of(String sandbox) {
    return "/v1/sandboxes/" + sandbox;
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
