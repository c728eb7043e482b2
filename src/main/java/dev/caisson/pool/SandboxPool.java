package dev.caisson.pool;

import dev.caisson.sandbox.DockerVersions;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Pool;
import dev.caisson.sandbox.PooledSandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.Shape;
import dev.caisson.time.Deadline;
import dev.caisson.time.RetryPause;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool: what is ready in it, oldest first, and what is being made for it. Everything that happens
 * to it ends in {@link #fill}, which begins to make what is missing.
 */
final class SandboxPool {
  private static final Logger log = LoggerFactory.getLogger(SandboxPool.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /**
   * The time from one sandbox that is replaced for its age to the next: the first is made anew
   * meanwhile.
   */
  private static final Duration BETWEEN = Duration.ofSeconds(5);

  private final PoolSupply supply;
  private final PoolProperties properties;
  private final MeterRegistry registry;
  private final Clock clock;
  private final String name;
  private final SandboxSpec spec;
  private final @Nullable Isolation isolation;
  private final PoolSize size;
  private final Demand demand;
  private final Deque<PooledSandbox> ready = new ArrayDeque<>();
  private final Set<Thread> makers = new HashSet<>();

  /** The sandboxes that were reported as no longer good before they were in the pool. */
  private final Set<SandboxId> spoiled = new HashSet<>();

  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Meter> meters = new ArrayList<>();
  private final Counter hits;
  private final Counter misses;
  private final Timer refill;
  private final Timer age;
  private final RetryPause pauses = new RetryPause(SHORTEST_PAUSE, LONGEST_PAUSE);
  private @Nullable String failure;

  SandboxPool(
      PoolSupply supply,
      PoolProperties properties,
      MeterRegistry registry,
      Clock clock,
      String name,
      SandboxSpec spec,
      @Nullable Isolation isolation,
      PoolSize size) {
    this.supply = supply;
    this.properties = properties;
    this.registry = registry;
    this.clock = clock;
    this.name = name;
    this.spec = spec;
    this.isolation = isolation;
    this.size = size;
    this.demand = new Demand(size, properties.window(), clock);
    hits = registry.counter("caisson.pool.claims", "template", name, "result", "hit");
    misses = registry.counter("caisson.pool.claims", "template", name, "result", "miss");
    refill = registry.timer("caisson.pool.refill", "template", name);
    age = registry.timer("caisson.pool.age", "template", name);
    meters.addAll(List.of(hits, misses, refill, age));
    meters.add(
        Gauge.builder("caisson.pool.ready", this, stock -> stock.status().ready())
            .tag("template", name)
            .register(registry));
    meters.add(
        Gauge.builder("caisson.pool.target", this, stock -> stock.status().target())
            .tag("template", name)
            .register(registry));
  }

  /**
   * Takes a sandbox of this shape; {@code miss} is null if this pool has nothing to do with what is
   * wanted.
   */
  synchronized Pool.Taken take(Shape wanted, DockerVersions versions) {
    Isolation inForce = isolation == null ? wanted.isolation() : isolation;
    String differs = Shape.of(spec, inForce, versions).differs(wanted);
    if (differs != null) {
      return new Pool.Taken(null, "IMAGE".equals(differs) ? null : differs);
    }
    PooledSandbox spare = ready.peekFirst();
    if (spare == null || spare.shape().differs(wanted) != null) {
      misses.increment();
      demand.missed();
      fill();
      return new Pool.Taken(null, "EMPTY");
    }
    ready.removeFirst();
    supply.release(spec);
    hits.increment();
    age.record(Duration.between(spare.readyAt(), clock.instant()));
    demand.taken(ready.size());
    fill();
    return new Pool.Taken(spare, null);
  }

  /** Begins to make the sandboxes that are missing, as far as there is room. */
  synchronized void fill() {
    while (closed.getCount() > 0
        && ready.size() + makers.size() < demand.target()
        && (failure == null || makers.isEmpty())
        && supply.reserve(spec)) {
      Thread maker = Thread.ofVirtual().name("pool-" + name).unstarted(this::make);
      makers.add(maker);
      maker.start();
    }
  }

  private void make() {
    SandboxId id = SandboxId.random();
    supply.announce(id);
    PooledSandbox made = null;
    try {
      made = supply.make(id, spec, isolation, refill, () -> drop(id));
      synchronized (this) {
        failure = null;
        pauses.reset();
      }
    } catch (InterruptedException e) {
      log.debug("a refill was broken off");
    } catch (RuntimeException e) {
      log.atWarn()
          .addKeyValue("template", name)
          .addKeyValue("error", e.getMessage())
          .log("a spare sandbox could not be made, will be tried again");
      rest(e);
    } finally {
      done(id, made);
    }
  }

  private void rest(RuntimeException why) {
    Duration pause;
    synchronized (this) {
      failure = String.valueOf(why.getMessage());
      pause = pauses.next();
    }
    try {
      boolean _ = closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Closed meanwhile.
      Thread.currentThread().interrupt();
    }
  }

  private void done(SandboxId id, @Nullable PooledSandbox made) {
    PooledSandbox late = null;
    synchronized (this) {
      makers.remove(Thread.currentThread());
      boolean bad = spoiled.remove(id);
      if (made == null) {
        supply.settled(id);
        supply.release(spec);
      } else if (bad || closed.getCount() == 0) {
        late = made;
      } else {
        ready.addLast(made);
      }
      notifyAll();
    }
    if (late != null) {
      supply.discard(late, spec);
    }
    fill();
  }

  /** Drops a sandbox that is no longer good, and returns whether the pool had it ready. */
  boolean drop(SandboxId id) {
    if (dropAll(spare -> spare.id().equals(id), "it is no longer good") > 0) {
      return true;
    }
    synchronized (this) {
      if (supply.holds(id) && !makers.isEmpty()) {
        spoiled.add(id);
      } else if (makers.isEmpty()) {
        spoiled.clear();
      }
    }
    return false;
  }

  /** Removes the ready sandboxes if they would be others if they were made now. */
  void check() {
    PooledSandbox first;
    synchronized (this) {
      first = ready.peekFirst();
    }
    try {
      if (first != null && !supply.isCurrent(first)) {
        dropAll(_ -> true, "its image or its kit is another by now");
      }
    } catch (EngineException e) {
      log.atDebug().addKeyValue("template", name).log("a pool cannot be checked now");
    }
    fill();
  }

  /**
   * Removes sandboxes that are not needed, and one that is too old; returns when to do so again.
   */
  Instant tend() {
    Instant now = clock.instant();
    Duration maxAge = properties.maxAge();
    PooledSandbox first;
    synchronized (this) {
      first = ready.peekFirst();
    }
    // One at a time: those that were made together would all be gone at once.
    if (first != null && !first.readyAt().plus(maxAge).isAfter(now)) {
      dropAll(spare -> spare.id().equals(first.id()), "it is old");
    }
    Instant due;
    int surplus;
    synchronized (this) {
      demand.review(ready.size());
      surplus = ready.size() - demand.target();
      due = demand.due();
      PooledSandbox oldest = ready.peekFirst();
      Instant ages = oldest == null ? due : oldest.readyAt().plus(maxAge);
      Instant soonest = now.plus(BETWEEN);
      ages = ages.isBefore(soonest) ? soonest : ages;
      due = ages.isBefore(due) ? ages : due;
    }
    if (surplus > 0) {
      int[] left = {surplus};
      dropAll(_ -> left[0]-- > 0, "it is not needed");
    }
    fill();
    return due;
  }

  private int dropAll(Predicate<PooledSandbox> bad, String why) {
    List<PooledSandbox> dropped = new ArrayList<>();
    synchronized (this) {
      for (Iterator<PooledSandbox> all = ready.iterator(); all.hasNext(); ) {
        PooledSandbox spare = all.next();
        if (bad.test(spare)) {
          all.remove();
          dropped.add(spare);
        }
      }
    }
    for (PooledSandbox spare : dropped) {
      log.atInfo()
          .addKeyValue("template", name)
          .addKeyValue("sandbox", spare.id())
          .log("a spare sandbox goes: {}", why);
      Thread.ofVirtual()
          .name("pool-" + name)
          .start(() -> {
            supply.retire(spare, spec);
            fill();
          });
    }
    return dropped.size();
  }

  synchronized PoolStatus status() {
    return new PoolStatus(
        size.min(),
        size.max(),
        demand.target(),
        ready.size(),
        makers.size(),
        (long) hits.count(),
        (long) misses.count(),
        failure);
  }

  /**
   * Closes the pool: removes all its sandboxes, and returns when that is done, or this time is
   * over.
   */
  void close(Duration most) throws InterruptedException {
    closed.countDown();
    List<Thread> left;
    synchronized (this) {
      left = new ArrayList<>(makers);
      makers.forEach(Thread::interrupt);
      for (PooledSandbox spare : ready) {
        left.add(Thread.ofVirtual().name("pool-" + name).start(() -> supply.discard(spare, spec)));
      }
      ready.clear();
    }
    Deadline end = Deadline.in(most);
    for (Thread thread : left) {
      if (!thread.join(end.left())) {
        log.atInfo()
            .addKeyValue("template", name)
            .log("spare sandboxes are left to the next start");
        break;
      }
    }
    meters.forEach(registry::remove);
  }
}
