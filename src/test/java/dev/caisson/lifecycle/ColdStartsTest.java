package dev.caisson.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.sandbox.SandboxException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose turn it is, and who gives way to whom. */
class ColdStartsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofDays(1);
  private static final Duration QUIET = Duration.ofMillis(200);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BlockingQueue<String> turns = new LinkedBlockingQueue<>();

  @Test
  void asManyAsThereMayBeAreStartedAtATimeAndEachThatEndsLetsInTheNext() throws Exception {
    ColdStarts starts = starts(2, 100, LONG);
    ColdStarts.Place one = reserved(starts, "a");
    ColdStarts.Place two = reserved(starts, "a");
    one.awaitTurn();
    two.awaitTurn();
    ColdStarts.Place three = reserved(starts, "a");
    Thread waits = await(starts, three, "three");
    assertThat(starts.going()).isEqualTo(2);

    // As a start that fails does.
    one.close();
    assertThat(next()).isEqualTo("three");
    assertThat(starts.going()).isEqualTo(2);
    waits.join();
    two.close();
    three.close();
    assertThat(starts.going()).isZero();
  }

  @Test
  @Timeout(20)
  void oneThatHangsKeepsItsTurnForAWhileOnly() throws Exception {
    ColdStarts starts =
        starts(new StartsProperties(1, 100, Duration.ofMillis(1), LONG, LONG, QUIET));
    ColdStarts.Place hangs = reserved(starts, "a");
    hangs.awaitTurn();
    ColdStarts.Place other = reserved(starts, "a");
    other.awaitTurn();
    assertThat(starts.going()).isEqualTo(1);
    other.close();
    hangs.close();
    assertThat(starts.going()).isZero();
  }

  @Test
  void theProcessorsOfTheEnginesHostSayHowMany() throws Exception {
    ColdStarts starts = starts(0, 100, LONG);
    List<ColdStarts.Place> places = new ArrayList<>();
    // The engine of tests has four processors.
    for (int i = 0; i < 5; i++) {
      places.add(reserved(starts, "a"));
      places.getLast().awaitTurn();
    }
    await(starts, reserved(starts, "a"), "sixth");
    assertThat(starts.waiting()).isEqualTo(1);
    places.getFirst().close();
    assertThat(next()).isEqualTo("sixth");
  }

  @Test
  void oneWhoAsksForManyLetsTheOthersInBetween() throws Exception {
    ColdStarts starts = starts(1, 100, LONG);
    ColdStarts.Place first = reserved(starts, "many");
    first.awaitTurn();
    List<ColdStarts.Place> places = new ArrayList<>(List.of(first));
    for (String name : List.of("many 1", "many 2", "many 3", "few 1", "one 1", "few 2")) {
      places.add(reserved(starts, name.split(" ", -1)[0]));
      await(starts, places.getLast(), name);
    }

    List<String> order = new ArrayList<>();
    List<String> names = List.of("", "many 1", "many 2", "many 3", "few 1", "one 1", "few 2");
    first.close();
    for (int i = 1; i < names.size(); i++) {
      String turn = next();
      order.add(turn);
      places.get(names.indexOf(turn)).close();
    }
    assertThat(order).containsExactly("many 1", "few 1", "one 1", "many 2", "few 2", "many 3");
  }

  @Test
  void oneThatIsBrokenOffWhileItWaitsLeavesItsPlaceToTheNext() throws Exception {
    ColdStarts starts = starts(1, 100, LONG);
    ColdStarts.Place first = reserved(starts, "a");
    first.awaitTurn();
    ColdStarts.Place broken = reserved(starts, "b");
    Thread waits = await(starts, broken, "broken");
    await(starts, reserved(starts, "c"), "next");

    waits.interrupt();
    assertThat(next()).isEqualTo("broken was broken off");
    broken.close();
    broken.close();
    assertThat(starts.waiting()).isEqualTo(1);
    first.close();
    assertThat(next()).isEqualTo("next");
    assertThat(starts.going()).isEqualTo(1);
  }

  @Test
  void oneThatIsBrokenOffAsItsTurnComesGivesItBack() throws Exception {
    ColdStarts starts = starts(1, 100, LONG);
    ColdStarts.Place only = reserved(starts, "a");
    Thread.currentThread().interrupt();
    assertThatThrownBy(only::awaitTurn).isInstanceOf(InterruptedException.class);
    only.close();
    assertThat(starts.going()).isZero();
  }

  @Test
  void tooManyAreRefusedButNobodyForWhatAnotherAsksFor() {
    ColdStarts starts = starts(1, 4, LONG);
    List<ColdStarts.Place> places = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      places.add(reserved(starts, "many"));
    }
    assertThatThrownBy(() -> reserved(starts, "many"))
        .isInstanceOfSatisfying(
            SandboxException.TooManyStarts.class,
            e -> assertThat(e.details()).containsEntry("retryAfterMs", 5000L));
    reserved(starts, "other");
    reserved(starts, "other");
    assertThatThrownBy(() -> reserved(starts, "other"))
        .isInstanceOf(SandboxException.TooManyStarts.class);
    assertThat(meters.counter("caisson.starts.refused").count()).isEqualTo(2);

    places.forEach(ColdStarts.Place::close);
    reserved(starts, "many");
  }

  @Test
  void aRefillWaitsUntilNoCreateIsThere() throws Exception {
    ColdStarts starts = starts(1, 100, LONG);
    ColdStarts.Place arrived = starts.arrive("a");
    ColdStarts.Place pulls = reserved(starts, "b");
    Thread refill = begin("refill", starts::awaitNone);
    pulls.stepAside();
    pulls.stepAside();
    assertThat(turns).isEmpty();
    long closed = System.nanoTime();
    arrived.close();
    assertThat(next()).isEqualTo("refill");
    assertThat(System.nanoTime() - closed).isGreaterThanOrEqualTo(QUIET.toNanos());
    refill.join();

    // It is there again when its image is.
    pulls.awaitTurn();
    begin("another", starts::awaitNone);
    assertThat(turns).isEmpty();
    pulls.close();
    assertThat(next()).isEqualTo("another");
  }

  @Test
  void aRemovalWaitsForAQuietMoment() throws Exception {
    ColdStarts starts = starts(1, 100, LONG);
    ColdStarts.Place start = reserved(starts, "a");
    start.awaitTurn();
    begin("removal", () -> assertThat(starts.remove(() -> true)).isTrue());
    assertThat(turns).isEmpty();
    start.close();
    assertThat(next()).isEqualTo("removal");
  }

  @Test
  void aRemovalDoesNotWaitForEver() throws Exception {
    ColdStarts starts = starts(1, 100, Duration.ofMillis(50));
    ColdStarts.Place start = reserved(starts, "a");
    start.awaitTurn();
    long from = System.nanoTime();
    assertThat(starts.remove(() -> true)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isBetween(Duration.ofMillis(50), SOON);
  }

  @Test
  void removalsBesideCreatesGoOneByOne() throws Exception {
    ColdStarts starts = starts(4, 100, Duration.ofSeconds(2));
    ColdStarts.Place start = reserved(starts, "a");
    BlockingQueue<Boolean> release = new LinkedBlockingQueue<>();
    List<Thread> removals = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      removals.add(
          begin(
              "removed",
              () ->
                  starts.remove(() -> {
                    turns.add("removes");
                    return take(release);
                  })));
    }
    assertThat(next()).isEqualTo("removes");
    assertThat(turns.poll(200, TimeUnit.MILLISECONDS)).isNull();
    release.add(true);
    assertThat(List.of(next(), next())).containsExactlyInAnyOrder("removed", "removes");
    release.add(true);
    assertThat(next()).isEqualTo("removed");
    for (Thread removal : removals) {
      removal.join();
    }
    start.close();
  }

  @Test
  void removalsThatHangDelayOthersForNoLongerThanThat() throws Exception {
    ColdStarts starts = starts(1, 100, Duration.ofMillis(50));
    BlockingQueue<Boolean> release = new LinkedBlockingQueue<>();
    Thread hangs =
        begin(
            "hung",
            () ->
                starts.remove(() -> {
                  turns.add("hangs");
                  return take(release);
                }));
    assertThat(next()).isEqualTo("hangs");
    assertThat(starts.remove(() -> false)).isFalse();
    release.add(true);
    assertThat(next()).isEqualTo("hung");
    hangs.join();
  }

  @Test
  void aStartDoesNotWaitForRemovals() throws Exception {
    ColdStarts starts = starts(1, 100, LONG);
    boolean started =
        starts.remove(() -> {
          ColdStarts.Place start = reserved(starts, "a");
          try {
            start.awaitTurn();
          } catch (InterruptedException e) {
            return false;
          }
          start.close();
          return true;
        });
    assertThat(started).isTrue();
  }

  private ColdStarts starts(int atOnce, int most, Duration removals) {
    return starts(new StartsProperties(atOnce, most, LONG, removals, LONG, QUIET));
  }

  private ColdStarts starts(StartsProperties properties) {
    return new ColdStarts(properties, new FakeEngine(), meters);
  }

  private static ColdStarts.Place reserved(ColdStarts starts, String caller) {
    ColdStarts.Place place = starts.arrive(caller);
    place.reserve();
    return place;
  }

  /** Has a thread wait for the turn; returns when it waits. */
  private Thread await(ColdStarts starts, ColdStarts.Place place, String name) {
    int before = starts.waiting();
    Thread thread = Thread.ofPlatform().start(() -> waitAndTell(name, place::awaitTurn));
    while (starts.waiting() == before || thread.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    return thread;
  }

  /** Has a thread do what must wait; returns when it waits, or has not. */
  private Thread begin(String name, Waiting work) {
    Thread thread = Thread.ofPlatform().start(() -> waitAndTell(name, work));
    while (thread.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    return thread;
  }

  private void waitAndTell(String name, Waiting work) {
    try {
      work.run();
      turns.add(name);
    } catch (InterruptedException e) {
      turns.add(name + " was broken off");
    }
  }

  private String next() throws InterruptedException {
    return String.valueOf(turns.poll(SOON.toSeconds(), TimeUnit.SECONDS));
  }

  private static boolean take(BlockingQueue<Boolean> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Something that waits. */
  private interface Waiting {
    void run() throws InterruptedException;
  }
}
