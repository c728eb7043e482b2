package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Random interleavings of starts, writes, signals, ends, followers that hang up and services that
 * are killed, against what each process must have had and must have written. {@code -Dfuzz.seed=N}
 * repeats a run's decisions, {@code -Dfuzz.steps=N} makes it longer.
 */
class FuzzIT {
  private static final int LANES = 4;
  private static final int STEPS = Integer.getInteger("fuzz.steps", 40);
  private static final int KILLS = 3;
  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @Test
  void noByteIsLostOrDoubledNoExitIsWrongAndNothingIsLeft(@TempDir Path home) throws Exception {
    System.out.println("fuzz.seed=" + SEED);
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
      Leaks before = Leaks.of(api, sandbox);
      List<List<FuzzedProcess>> lanes = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      CountDownLatch working = new CountDownLatch(LANES);
      for (int i = 0; i < LANES; i++) {
        List<FuzzedProcess> lane = new ArrayList<>();
        lanes.add(lane);
        Random random = new Random(SEED + i);
        threads.add(
            Thread.ofPlatform()
                .name("lane-" + i)
                .start(() -> {
                  try {
                    work(service.api(), sandbox, random, lane);
                  } catch (Throwable e) {
                    failures.add(e);
                  } finally {
                    working.countDown();
                  }
                }));
      }
      Random chaos = new Random(SEED + LANES);
      for (int i = 0; i < KILLS; i++) {
        if (working.await(2000 + chaos.nextInt(3000), TimeUnit.MILLISECONDS)) {
          break;
        }
        service.kill();
        service.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).as("seed %d", SEED).isEmpty();
      for (List<FuzzedProcess> lane : lanes) {
        for (FuzzedProcess process : lane) {
          process.check();
        }
      }
      assertThat(count(api, sandbox))
          .isEqualTo(lanes.stream().mapToInt(List::size).sum() + Leaks.LOOKS);
      Leaks after =
          Eventually.holds(() -> Leaks.of(api, sandbox), leaks -> leaks.noneSince(before));
      assertThat(after.noneSince(before)).isTrue();
    }
  }

  /** One caller's way: a few processes at a time, each in some state of its life. */
  private static void work(Api api, String sandbox, Random random, List<FuzzedProcess> all) {
    List<FuzzedProcess> open = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      if (open.isEmpty() || random.nextInt(5) == 0) {
        FuzzedProcess process = FuzzedProcess.start(api, sandbox, random);
        all.add(process);
        open.add(process);
        continue;
      }
      FuzzedProcess process = open.get(random.nextInt(open.size()));
      switch (random.nextInt(10)) {
        case 0 -> {
          process.close();
          open.remove(process);
        }
        case 1 -> {
          process.signal(
              FuzzedProcess.SIGNALS.keySet().stream().sorted().toList().get(random.nextInt(4)));
          open.remove(process);
        }
        case 2 -> {
          process.end(random.nextBoolean());
          open.remove(process);
        }
        case 3 -> process.hangUp();
        default -> process.write(1 + random.nextInt(random.nextInt(10) == 0 ? 300_000 : 2_000));
      }
    }
    open.forEach(FuzzedProcess::close);
  }

  private static int count(Api api, String sandbox) {
    int count = 0;
    String cursor = "";
    while (true) {
      JsonNode page =
          api.get("/v1/sandboxes/" + sandbox + "/processes?limit=1000" + cursor).expecting(200);
      count += page.get("items").size();
      if (page.get("nextCursor").isNull()) {
        return count;
      }
      cursor = "&cursor=" + page.get("nextCursor").asString();
    }
  }

  /** What a supervisor holds on to, seen from inside by a process of its own. */
  private record Leaks(long processes, long descriptors, long threads, long zombies) {
    /** Before the run there is one. */
    static final int LOOKS = 1;

    static Leaks of(Api api, String sandbox) {
      // The supervisor is init's only child; awk and its shell are not counted.
      String line =
          "s=$(cat /proc/1/task/1/children | tr -d ' '); "
              + "p=0; z=0; for f in /proc/[0-9]*/stat; do read -r l <$f 2>/dev/null || continue;"
              + " r=${l##*) }; p=$((p+1)); case $r in Z*) z=$((z+1));; esac; done;"
              + " echo $p $(ls /proc/$s/fd | wc -l) $(ls /proc/$s/task | wc -l) $z";
      String[] seen = Api.text(api.shell(sandbox, line), "stdout").strip().split(" ", -1);
      return new Leaks(
          Long.parseLong(seen[0]),
          Long.parseLong(seen[1]),
          Long.parseLong(seen[2]),
          Long.parseLong(seen[3]));
    }

    /** The link keeps up to 16 connections; a leak of this run would be a hundred of each. */
    boolean noneSince(Leaks before) {
      return processes <= before.processes
          && zombies == 0
          && descriptors <= before.descriptors + 24
          && threads <= before.threads + 8;
    }
  }
}
