package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.HostCount;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.Traces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Many sandboxes with Docker, each with a container in it, leave nothing on their host. How many:
 * {@code -Dcaisson.leak.sandboxes=100}.
 */
class LeakIT {
  private static final int SANDBOXES = Integer.getInteger("caisson.leak.sandboxes", 12);
  private static final int AT_A_TIME = 3;

  /**
   * For all of them; one takes some seconds, on a slow machine with others on it most of a minute.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(5).plusMinutes(SANDBOXES / 2);

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void nothingIsLeftOfManySandboxes(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      // The first of a service unpacks the kit.
      life(api, home, 0);
      HostCount before = HostCount.now();
      long from = System.nanoTime();
      Semaphore turns = new Semaphore(AT_A_TIME);
      try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Traces>> lives = new ArrayList<>();
        for (int i = 0; i < SANDBOXES; i++) {
          int number = i;
          Callable<Traces> task =
              () -> {
                turns.acquire();
                try {
                  return life(api, home, number);
                } finally {
                  turns.release();
                }
              };
          lives.add(tasks.submit(task));
        }
        List<Traces> all = new ArrayList<>();
        for (Future<Traces> life : lives) {
          long left = PATIENCE.toNanos() - (System.nanoTime() - from);
          all.add(life.get(left, TimeUnit.NANOSECONDS));
        }
        // When all have ended: the kernel gives the number of a namespace to the next one.
        for (Traces traces : all) {
          assertThat(Eventually.holds(traces::left, List::isEmpty)).isEmpty();
        }
      }
      long seconds = (System.nanoTime() - from) / 1_000_000_000;
      System.out.printf(
          "leaks: %d sandboxes in %d s%n  before %s%n  after  %s%n",
          SANDBOXES, seconds, before, HostCount.now());
      assertThat(Machine.loopDevices(home)).isEmpty();
    }
  }

  /** A sandbox from its begin to its end; what it had on the host. */
  private static Traces life(Api api, Path home, int number) {
    // Every second one has a disk of its own, and so a loop device.
    Map<String, ?> resources = number % 2 == 0 ? Map.of("disk", "256Mi") : Map.of();
    String sandbox =
        api.sandbox(
            Map.of(
                "image",
                Machine.STATIC,
                "resources",
                resources,
                "docker",
                Map.of("enabled", true)));
    JsonNode daemon =
        api.get("/v1/sandboxes/" + sandbox + "/docker?waitFor=READY&timeout=PT2M").expecting(200);
    assertThat(daemon.get("state").asString()).as(daemon.toString()).isEqualTo("READY");
    JsonNode run = api.exec(sandbox, "docker", "run", "-d", "busybox", "sleep", "100000");
    assertThat(run.get("exit").get("code").asInt()).as(run.toString()).isZero();
    Traces traces = Traces.of(sandbox);
    assertThat(traces.left()).as("they are found while they are there").hasSizeGreaterThan(5);
    // Half of them with time to end, half without.
    String grace = number % 4 < 2 ? "PT0S" : "PT5S";
    JsonNode ended = api.delete("/v1/sandboxes/" + sandbox + "?grace=" + grace).expecting(200);
    assertThat(ended.get("state").asString()).isEqualTo("ENDED");
    assertThat(Traces.files(home.resolve("run"), sandbox)).isEmpty();
    assertThat(Traces.files(home.resolve("disks"), sandbox)).isEmpty();
    return traces;
  }
}
