package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Eventually;
import dev.caisson.it.HostCount;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SlowClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Callers work while something is struck in each round, at a random moment; afterwards everything
 * that was made is accounted for, and everything that was acknowledged is there. How many rounds:
 * {@code -Dcaisson.chaos.rounds=200}; the same again: {@code -Dcaisson.chaos.seed=N}; some blows
 * only: {@code -Dcaisson.chaos.blows=SERVICE,FULL_HOME}; for so long at most: {@code
 * -Dcaisson.chaos.minutes=20}. See {@code bench/chaos}.
 */
class ChaosIT {
  private static final int CALLERS = 3;
  private static final int STEPS = 6;
  private static final int SLOW = 2000;

  /** Kept for the next sandboxes (engine.Networks). */
  private static final int IDLE_NETWORKS = 4;

  /** The networks that are made ahead, each with a container that holds it. */
  private static final int HOLDERS = 2;

  private static final Path LOG = Path.of("target", "chaos.log");

  /** What is struck. */
  private enum Blow {
    SERVICE,
    SUPERVISOR,
    CONTAINERD,
    DOCKERD,
    FULL_HOME,
    CLOCK,
    SLOW_CLIENTS,
    HOSTILE
  }

  private final long seed = Long.getLong("caisson.chaos.seed", System.nanoTime() & 0xffffff);
  private final Random random = new Random(seed);
  private final List<Blow> blows = blows();
  private final int rounds = Integer.getInteger("caisson.chaos.rounds", blows.size());
  private final Duration time = Duration.ofMinutes(Long.getLong("caisson.chaos.minutes", 240));
  private final Map<Blow, Integer> struck = new EnumMap<>(Blow.class);
  private long longest;

  private static List<Blow> blows() {
    String named = System.getProperty("caisson.chaos.blows", "");
    return named.isEmpty()
        ? List.of(Blow.values())
        : Arrays.stream(named.split(",", -1)).map(Blow::valueOf).toList();
  }

  @Test
  @Timeout(value = 4, unit = TimeUnit.HOURS)
  void afterAllBlowsEverythingIsAccountedFor(@TempDir Path directory) throws Exception {
    System.out.printf("chaos: seed %d, %d rounds of %s%n", seed, rounds, blows);
    JumpingClock clock = new JumpingClock(directory);
    long from = System.nanoTime();
    try (SmallHome home = new SmallHome(directory, "1G");
        ServiceProcess service = ServiceProcess.start(home.directory(), clock.environment())) {
      ChaosWorld world = new ChaosWorld(service::api);
      assertThat(world.isWell()).isTrue();
      HostCount before = HostCount.now();
      List<Blow> turns = new ArrayList<>();
      int round = 0;
      while (round < rounds && System.nanoTime() - from < time.toNanos()) {
        if (turns.isEmpty()) {
          turns.addAll(blows);
          Collections.shuffle(turns, random);
        }
        round(round, turns.removeFirst(), world, service, home, clock);
        round++;
      }
      clock.set(Duration.ZERO);
      world.end();
      // Before it goes with its directory: what a failure below is to be understood by.
      Files.copy(service.log(), LOG, StandardCopyOption.REPLACE_EXISTING);
      assertThat(world.lost()).isEmpty();
      assertThat(Eventually.holds(world::left, List::isEmpty)).isEmpty();
      assertThat(Machine.loopDevices(home.directory())).isEmpty();
      for (String emptied : List.of("run", "disks", "words", "endings", "spares")) {
        assertThat(left(home.directory().resolve(emptied))).as(emptied).isEmpty();
      }
      String label = "label=dev.caisson.instance=" + service.instance();
      assertThat(Machine.run("docker", "volume", "ls", "-q", "--filter", label)).isEmpty();
      assertThat(containers(label, "label=dev.caisson.sandbox")).isZero();
      // For the next sandboxes.
      Eventually.holds(
          () -> containers(label, "label=dev.caisson.holder"), holders -> holders <= HOLDERS);
      assertThat(containers(label, label)).isLessThanOrEqualTo(HOLDERS);
      Eventually.holds(
          () -> Machine.run("docker", "network", "ls", "-q", "--filter", label).lines().count(),
          networks -> networks <= IDLE_NETWORKS + HOLDERS);
      System.out.printf(
          "chaos: seed %d, %d rounds in %d s, %s%n  %d sandboxes, %d processes, %d bytes"
              + " acknowledged and there%n  well again after at most %d ms%n  answers %s%n  before"
              + " %s%n  after  %s%n",
          seed,
          round,
          (System.nanoTime() - from) / 1_000_000_000,
          struck,
          world.sandboxes(),
          world.processes(),
          world.bytes(),
          longest,
          world.answers(),
          before,
          HostCount.now());
    }
  }

  /**
   * What is in a directory of the state and in those below it; a directory is nothing by itself.
   */
  private static List<Path> left(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(path -> !Files.isDirectory(path)).toList();
    }
  }

  private void round(
      int round,
      Blow blow,
      ChaosWorld world,
      ServiceProcess service,
      SmallHome home,
      JumpingClock clock)
      throws Exception {
    if (world.docker() == null && (blow == Blow.CONTAINERD || blow == Blow.DOCKERD)) {
      world.create(true, Map.of());
    }
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        Random own = new Random(random.nextLong());
        all.add(callers.submit(() -> world.caller(own, STEPS)));
      }
      // The moment is what is tried.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1500)));
      System.out.printf("chaos: round %d, %s%n", round, blow);
      strike(blow, world, service, home, clock);
      for (Future<?> caller : all) {
        caller.get(10, TimeUnit.MINUTES);
      }
    }
    struck.merge(blow, 1, Integer::sum);
    long from = System.nanoTime();
    Eventually.holds(world::isWell, well -> well);
    longest = Math.max(longest, (System.nanoTime() - from) / 1_000_000);
  }

  private void strike(
      Blow blow, ChaosWorld world, ServiceProcess service, SmallHome home, JumpingClock clock)
      throws InterruptedException {
    switch (blow) {
      case SERVICE -> {
        service.kill();
        service.start();
      }
      case SUPERVISOR -> kill(world.any(), "java");
      case CONTAINERD -> kill(world.docker(), "containerd");
      case DOCKERD -> kill(world.docker(), "dockerd");
      case FULL_HOME -> {
        home.fill();
        try {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(2500)));
          if (random.nextBoolean()) {
            service.kill();
          }
        } finally {
          home.free();
        }
        if (!service.isAlive()) {
          service.start();
        }
      }
      case CLOCK -> clock.set(Duration.ofMinutes(random.nextInt(-120, 120)));
      case SLOW_CLIENTS -> {
        try (SlowClients slow = new SlowClients(service.port(), SLOW)) {
          assertThat(slow.count()).isPositive();
          for (int i = 0; i < 5; i++) {
            slow.drip();
            long from = System.nanoTime();
            service.api().get("/v1/sandboxes?limit=1").expecting(200);
            assertThat(System.nanoTime() - from)
                .as("others are answered meanwhile")
                .isLessThan(TimeUnit.SECONDS.toNanos(10));
          }
        }
      }
      case HOSTILE -> world.hostile();
    }
  }

  /** One of a sandbox's own, found by its container: never the host's. */
  private static void kill(@Nullable String sandbox, String program) {
    if (sandbox == null) {
      return;
    }
    Machine.Outcome table =
        Machine.attempt("docker", "top", "caisson-" + sandbox, "-eo", "pid,comm");
    if (table.code() != 0) {
      return;
    }
    table
        .output()
        .lines()
        .map(line -> line.strip().split("\\s+", 2))
        .filter(columns -> columns.length == 2 && columns[1].equals(program))
        .findFirst()
        .ifPresent(columns -> Machine.attempt("kill", "-9", columns[0]));
  }

  /** Returns how many containers have both of these. */
  private static long containers(String one, String other) {
    return Machine.run("docker", "ps", "-aq", "--filter", one, "--filter", other).lines().count();
  }
}
