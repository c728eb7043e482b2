package dev.caisson.lifecycle;

import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.time.Deadline;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/**
 * The order in which sandboxes are started cold for callers: a few at a time, the callers in turn.
 * Refills of pools and removals of ended sandboxes give way, for a while.
 */
@Component
@EnableConfigurationProperties(StartsProperties.class)
class ColdStarts {
  /** The number of times its patience for which a removal waits if others hang. */
  private static final int LONG = 6;

  private final StartsProperties properties;
  private final Engine engine;
  private final Counter refused;

  /** The places that wait for their turn, by caller; the caller whose turn is next comes first. */
  private final Map<String, Deque<Place>> waiting = new LinkedHashMap<>();

  /** The number of reserved places of each caller. */
  private final Map<String, Integer> callers = new HashMap<>();

  /** The number of creates for which refills and removals give way. */
  private int present;

  /**
   * The moment from which on it counts as quiet: the creates of a burst that find what they need in
   * a pool are gone before the next of them comes.
   */
  private Deadline quiet = Deadline.in(Duration.ZERO);

  /** The processors of the engine's host; 0 until they are known. */
  private volatile int processors;

  private int reserved;
  private int going;
  private int removing;

  ColdStarts(StartsProperties properties, Engine engine, MeterRegistry meters) {
    this.properties = properties;
    this.engine = engine;
    refused = meters.counter("caisson.starts.refused");
    Gauge.builder("caisson.starts.waiting", this, ColdStarts::waiting).register(meters);
    Gauge.builder("caisson.starts.going", this, ColdStarts::going).register(meters);
  }

  /**
   * Adds a create, which may yet find what it needs in a pool; until its place is closed, refills
   * and removals give way to it.
   *
   * @param caller by whom the turns are shared out
   */
  synchronized Place arrive(String caller) {
    present++;
    return new Place(caller);
  }

  /** Waits until no create was there for a moment, or the patience of a refill is over. */
  synchronized void awaitNone() throws InterruptedException {
    Deadline end = Deadline.in(properties.refillPatience());
    while (!end.isOver() && (present > 0 || !quiet.isOver())) {
      boolean isQuietFirst = present == 0 && quiet.nanos() < end.nanos();
      (isQuietFirst ? quiet : end).waitOn(this);
    }
  }

  /**
   * Runs a removal when no create is there and few others remove; when its patience is over, as the
   * only one beside creates; and when it has waited for long, at once. Returns what the removal
   * does.
   */
  boolean remove(BooleanSupplier removal) throws InterruptedException {
    int most = atOnce();
    synchronized (this) {
      Deadline patience = Deadline.in(properties.removalPatience());
      Deadline end = Deadline.in(properties.removalPatience().multipliedBy(LONG));
      while (!end.isOver() && removing >= (present == 0 ? most : patience.isOver() ? 1 : 0)) {
        (patience.isOver() ? end : patience).waitOn(this);
      }
      removing++;
    }
    try {
      return removal.getAsBoolean();
    } finally {
      synchronized (this) {
        removing--;
        notifyAll();
      }
    }
  }

  synchronized int waiting() {
    return waiting.values().stream().mapToInt(Deque::size).sum();
  }

  synchronized int going() {
    return going;
  }

  /**
   * Returns how many are started at a time. A start is mostly work of the processors; one more than
   * there are has them busy while another waits for the disk.
   */
  private int atOnce() {
    if (properties.atOnce() > 0) {
      return properties.atOnce();
    }
    if (processors == 0) {
      try {
        processors = engine.host().cpus();
      } catch (EngineException e) {
        // They are known when it is back; without it nothing starts.
        return Runtime.getRuntime().availableProcessors() + 1;
      }
    }
    return processors + 1;
  }

  /** Gives turns to those who wait, as far as there are any: one to each caller, then again. */
  private void next(int most) {
    while (going < most && !waiting.isEmpty()) {
      Iterator<Map.Entry<String, Deque<Place>>> callersInTurn = waiting.entrySet().iterator();
      Map.Entry<String, Deque<Place>> first = callersInTurn.next();
      Deque<Place> places = first.getValue();
      Place place = places.removeFirst();
      callersInTurn.remove();
      if (!places.isEmpty()) {
        waiting.put(place.caller, places);
      }
      place.state = State.GOING;
      going++;
      place.turn.countDown();
      CompletableFuture.delayedExecutor(
              properties.longestTurn().toMillis(),
              TimeUnit.MILLISECONDS,
              Thread::startVirtualThread)
          .execute(place::overstay);
    }
  }

  /** The states of a create on its way through the queue. */
  private enum State {
    ARRIVED,
    RESERVED,
    WAITING,
    GOING,
    OVERDUE,
    CLOSED
  }

  /** The place of one create in the queue; what it holds is given back when it is closed. */
  final class Place implements AutoCloseable {
    private final String caller;
    private final CountDownLatch turn = new CountDownLatch(1);
    private State state = State.ARRIVED;
    private boolean aside;

    private Place(String caller) {
      this.caller = caller;
    }

    /**
     * Reserves a start. A caller who has fewer than its part of all places is never refused.
     *
     * @throws SandboxException.TooManyStarts if too many are there
     */
    void reserve() {
      synchronized (ColdStarts.this) {
        int own = callers.getOrDefault(caller, 0);
        int sharers = callers.size() + (own == 0 ? 1 : 0);
        if (reserved >= properties.most() && own >= Math.max(1, properties.most() / sharers)) {
          refused.increment();
          throw new SandboxException.TooManyStarts(reserved);
        }
        callers.merge(caller, 1, Integer::sum);
        reserved++;
        state = State.RESERVED;
      }
    }

    /** Lets others pass while nothing is asked of this host's processors, as in a long pull. */
    void stepAside() {
      synchronized (ColdStarts.this) {
        if (state != State.CLOSED && !aside) {
          aside = true;
          left();
        }
      }
    }

    /** Waits until it is this create's turn to be started at the engine. */
    void awaitTurn() throws InterruptedException {
      int most = atOnce();
      synchronized (ColdStarts.this) {
        if (aside) {
          aside = false;
          present++;
        }
        state = State.WAITING;
        waiting.computeIfAbsent(caller, _ -> new ArrayDeque<>()).addLast(this);
        next(most);
      }
      turn.await();
    }

    /**
     * Gives the turn to the next, since a start that takes so long waits for something else than
     * processors: for a supervisor that never comes, for an engine that hangs.
     */
    private void overstay() {
      int most = atOnce();
      synchronized (ColdStarts.this) {
        if (state == State.GOING) {
          state = State.OVERDUE;
          going--;
          next(most);
        }
      }
    }

    @Override
    public void close() {
      int most = atOnce();
      synchronized (ColdStarts.this) {
        State last = state;
        state = State.CLOSED;
        switch (last) {
          case ARRIVED -> {}
          case RESERVED, OVERDUE -> unreserve();
          case WAITING -> {
            unreserve();
            Deque<Place> places = waiting.get(caller);
            if (places != null && places.remove(this) && places.isEmpty()) {
              waiting.remove(caller);
            }
          }
          case GOING -> {
            unreserve();
            going--;
            next(most);
          }
          case CLOSED -> {
            return;
          }
        }
        if (!aside) {
          left();
        }
      }
    }

    private void unreserve() {
      reserved--;
      callers.computeIfPresent(caller, (_, own) -> own == 1 ? null : own - 1);
    }

    private void left() {
      present--;
      if (present == 0) {
        quiet = Deadline.in(properties.quiet());
        ColdStarts.this.notifyAll();
      }
    }
  }
}
