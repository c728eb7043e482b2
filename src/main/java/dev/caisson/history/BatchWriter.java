package dev.caisson.history;

import dev.caisson.lifecycle.ServiceLifecycle;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.time.Deadline;
import dev.caisson.time.RetryPause;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The one writer of the database: a thread that takes what was handed in, in order, and commits it
 * in batches. A caller that must know waits for the commit; an exec does not. While the database is
 * away the batch is tried again, and what comes meanwhile is held, up to a bound.
 */
@Component
final class BatchWriter implements SmartLifecycle {
  /** The phase of its life cycle: the sandboxes come after it, and go before. */
  private static final int PHASE = ServiceLifecycle.PHASE - 1;

  private static final Logger log = LoggerFactory.getLogger(BatchWriter.class);
  private static final int BATCH = 500;

  /**
   * The time for which a change is held that no caller waits for: the start and the end of a short
   * process become one row, written when its caller has been answered.
   */
  private static final Duration LINGER = Duration.ofMillis(50);

  private static final int MOST_HELD = 100_000;
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Database database;
  private final EventLog events;
  private final Held held = new Held();
  private final ArrayDeque<Entry> pending = new ArrayDeque<>();
  private final Map<Object, Entry> byKey = new HashMap<>();
  private final Counter refused;
  private final Counter appended;
  private final Counter commits;
  private @Nullable Thread thread;

  /** The number of pending changes that a caller waits for. */
  private int awaited;

  private volatile boolean running;
  private volatile boolean hurried;
  private volatile CountDownLatch ending = new CountDownLatch(1);
  private volatile long oldest;

  BatchWriter(Database database, EventLog events, MeterRegistry meters) {
    this.database = database;
    this.events = events;
    refused = meters.counter("caisson.ledger.refused");
    appended = meters.counter("caisson.events.appended");
    commits = meters.counter("caisson.ledger.commits");
    Gauge.builder("caisson.ledger.lag", this, BatchWriter::lag)
        .baseUnit("seconds")
        .register(meters);
    Gauge.builder("caisson.ledger.pending", this, BatchWriter::count).register(meters);
  }

  /** A change to be written; applied again in whole when it is not known to be committed. */
  @FunctionalInterface
  interface Change {
    void apply(WriteBatch page);

    /** Returns about how many bytes the change takes while it is held. */
    default long weight() {
      return 500;
    }

    /** Returns the sandbox that the change belongs to; null where it belongs to none. */
    default @Nullable SandboxId sandbox() {
      return null;
    }

    /**
     * Acts on the commit of the change, before readers are told of the events that came with it.
     */
    default void committed() {
      // Most have nothing to do.
    }
  }

  private static final class Entry {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    final long since = System.nanoTime();
    final @Nullable Object key;
    final boolean awaited;
    volatile Change change;
    long weight;

    Entry(Change change, @Nullable Object key, boolean awaited) {
      this.change = change;
      this.key = key;
      this.awaited = awaited;
      // A caller that waits holds the change itself.
      this.weight = awaited ? 0 : change.weight();
    }
  }

  /**
   * Hands in a change that no caller waits for; it is committed after what was handed in before.
   */
  void append(Change change) {
    add(new Entry(change, null, false));
  }

  /**
   * Hands in a change in the place of the one that was handed in under this key and is not written
   * yet.
   *
   * @param next makes the change, from that one or from null
   */
  synchronized void append(Object key, Function<@Nullable Change, Change> next) {
    Entry known = byKey.get(key);
    if (known != null) {
      Change change = next.apply(known.change);
      if (held.add(change.sandbox(), change.weight() - known.weight)) {
        known.change = change;
        known.weight = change.weight();
      } else {
        refused.increment();
      }
    } else {
      add(new Entry(next.apply(null), key, false));
    }
  }

  /**
   * Writes a change, and returns when that is committed, however long it takes; an interrupt is
   * kept.
   */
  void write(Change change) {
    boolean interrupted = false;
    Entry entry = new Entry(change, null, true);
    add(entry);
    try {
      while (true) {
        try {
          entry.done.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : new CompletionException(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Writes a change within this time, or not at all.
   *
   * @param undo appended if it is committed all the same, after it was given up
   * @throws SandboxException.RecordsAway if it was not
   */
  void write(Change change, Change undo, Duration patience) throws InterruptedException {
    AtomicBoolean withdrawn = new AtomicBoolean();
    Entry entry =
        new Entry(
            page -> {
              if (!withdrawn.get()) {
                change.apply(page);
              }
            },
            null,
            true);
    add(entry);
    try {
      entry.done.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | InterruptedException e) {
      withdrawn.set(true);
      append(undo);
      if (e instanceof InterruptedException interrupt) {
        throw interrupt;
      }
      throw new SandboxException.RecordsAway(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : new CompletionException(e);
    }
  }

  private synchronized void add(Entry entry) {
    if (!entry.awaited && pending.size() >= MOST_HELD) {
      refused.increment();
      return;
    }
    if (!running && hurried) {
      entry.done.completeExceptionally(
          new SandboxException.RecordsAway(new IllegalStateException("the service is stopping")));
      return;
    }
    if (!held.add(entry.change.sandbox(), entry.weight)) {
      refused.increment();
      return;
    }
    pending.add(entry);
    if (entry.key != null) {
      byKey.put(entry.key, entry);
    }
    if (entry.awaited) {
      awaited++;
    }
    if (entry.awaited || pending.size() == 1 || pending.size() == BATCH) {
      notifyAll();
    }
  }

  private synchronized List<Entry> take() throws InterruptedException {
    while (!hurried && awaited == 0 && pending.size() < BATCH) {
      Entry first = pending.peek();
      oldest = first == null ? 0 : first.since;
      if (first == null) {
        wait();
        continue;
      }
      long left = LINGER.toNanos() - (System.nanoTime() - first.since);
      if (left <= 0) {
        break;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    List<Entry> batch = new ArrayList<>();
    while (batch.size() < BATCH && !pending.isEmpty()) {
      Entry entry = pending.remove();
      if (entry.key != null) {
        byKey.remove(entry.key);
      }
      if (entry.awaited) {
        awaited--;
      }
      held.add(entry.change.sandbox(), -entry.weight);
      batch.add(entry);
    }
    oldest = batch.isEmpty() ? 0 : batch.getFirst().since;
    return batch;
  }

  private void run() {
    try {
      for (List<Entry> batch = take(); !batch.isEmpty(); batch = take()) {
        commit(batch);
      }
    } catch (InterruptedException e) {
      log.warn("the ledger was ended with entries that are not written");
    }
  }

  private void commit(List<Entry> batch) throws InterruptedException {
    RetryPause pauses = new RetryPause(SHORTEST_PAUSE, LONGEST_PAUSE);
    Deadline end = null;
    WriteBatch page;
    while (true) {
      try {
        page = new WriteBatch(events.last());
        page.write(database, batch.stream().map(entry -> entry.change).toList());
        break;
      } catch (RuntimeException e) {
        if (!Database.isAway(e)) {
          separately(batch, e);
          return;
        }
        end = end == null ? Deadline.in(LAST_WORDS) : end;
        if (hurried && end.isOver()) {
          batch.forEach(
              entry -> entry.done.completeExceptionally(new SandboxException.RecordsAway(e)));
          throw new InterruptedException();
        }
        log.atWarn()
            .addKeyValue("error", e.getMessage())
            .addKeyValue("pending", count())
            .log("the database is away, will be tried again");
        Duration pause = pauses.next();
        boolean stops = ending.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        if (stops) {
          // The latch waits no more; a database that is just restarted may still be back in time.
          LockSupport.parkNanos(pause.toNanos());
        }
      }
    }
    commits.increment();
    appended.increment(page.events().size());
    batch.forEach(entry -> entry.change.committed());
    events.committed(page.events());
    batch.forEach(entry -> entry.done.complete(null));
  }

  /**
   * Commits the changes one by one, since the database refuses one of them: the others must not
   * wait for ever.
   */
  private void separately(List<Entry> batch, RuntimeException failure) throws InterruptedException {
    if (batch.size() > 1) {
      for (Entry entry : batch) {
        commit(List.of(entry));
      }
      return;
    }
    Entry entry = batch.getFirst();
    entry.done.completeExceptionally(failure);
    if (!entry.awaited) {
      refused.increment();
      log.atError().setCause(failure).log("the database does not take this");
    }
  }

  private synchronized int count() {
    return pending.size();
  }

  /** Returns how long the oldest change that is not written has waited, in seconds. */
  double lag() {
    long since = oldest;
    return since == 0 ? 0 : (System.nanoTime() - since) / 1e9;
  }

  @Override
  public void start() {
    events.open();
    running = true;
    hurried = false;
    ending = new CountDownLatch(1);
    thread = Thread.ofPlatform().name("ledger").start(this::run);
  }

  /** Writes the changes that are left, for a while. */
  @Override
  public void stop() {
    Thread writer = thread;
    synchronized (this) {
      running = false;
      hurried = true;
      ending.countDown();
      notifyAll();
    }
    try {
      if (writer != null && !writer.join(LAST_WORDS.multipliedBy(2))) {
        log.error("the ledger does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      for (Entry entry : pending) {
        entry.done.completeExceptionally(
            new SandboxException.RecordsAway(new IllegalStateException("the service is stopping")));
      }
      pending.clear();
      byKey.clear();
      held.clear();
      awaited = 0;
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * Returns the phase: started before the sandboxes, and stopped after they and the web server have
   * stopped.
   */
  @Override
  public int getPhase() {
    return PHASE;
  }
}
