package dev.caisson.pool;

import dev.caisson.lifecycle.PooledSandboxes;
import dev.caisson.lifecycle.ServiceLifecycle;
import dev.caisson.sandbox.DockerVersions;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Pool;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.Shape;
import dev.caisson.time.Deadline;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** All pools, by the name of the template that each is for. */
@Component
@EnableConfigurationProperties(PoolProperties.class)
public final class Pools implements Pool, SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Pools.class);

  /**
   * The longest time that a stop of the service, or the removal of a pool, waits for spare
   * sandboxes to be removed.
   */
  private static final Duration LAST = Duration.ofSeconds(8);

  private final PoolSupply supply;
  private final PoolProperties properties;
  private final MeterRegistry meters;
  private final Clock clock;
  private final Map<String, SandboxPool> stocks = new ConcurrentHashMap<>();
  private volatile @Nullable Thread gardener;

  Pools(PooledSandboxes spares, PoolProperties properties, MeterRegistry meters, Clock clock) {
    this.supply = new PoolSupply(spares, new Capacity(properties));
    this.properties = properties;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Keeps so many of these ready from here on.
   *
   * @throws IllegalStateException if there is a pool of this name
   */
  public void keep(String name, SandboxSpec spec, @Nullable Isolation isolation, PoolSize size) {
    SandboxPool stock =
        new SandboxPool(supply, properties, meters, clock, name, spec, isolation, size);
    if (stocks.putIfAbsent(name, stock) != null) {
      throw new IllegalStateException("there is a pool of " + name);
    }
    stock.fill();
    news();
  }

  /**
   * Removes the pool of this name, if there is one, and returns when its sandboxes are gone, or the
   * time for that is over.
   */
  public void remove(String name) throws InterruptedException {
    SandboxPool stock = stocks.remove(name);
    if (stock != null) {
      stock.close(LAST);
    }
  }

  /** Returns how the pool of this name stands; null if there is none. */
  public @Nullable PoolStatus status(String name) {
    SandboxPool stock = stocks.get(name);
    return stock == null ? null : stock.status();
  }

  @Override
  public Taken take(Shape wanted, DockerVersions versions) {
    String miss = null;
    for (SandboxPool stock : stocks.values()) {
      Taken taken = stock.take(wanted, versions);
      if (taken.spare() != null) {
        return taken;
      }
      miss = "EMPTY".equals(miss) || taken.miss() == null ? miss : taken.miss();
    }
    return new Taken(null, miss);
  }

  @Override
  public void settled(SandboxId id) {
    supply.settled(id);
  }

  @Override
  public boolean holds(SandboxId id) {
    return supply.holds(id);
  }

  @Override
  public void died(SandboxId id) {
    for (SandboxPool stock : stocks.values()) {
      if (stock.drop(id)) {
        return;
      }
    }
  }

  @Override
  public void imagesChanged() {
    Thread.ofVirtual().name("pools-check").start(() -> stocks.values().forEach(SandboxPool::check));
  }

  private synchronized void news() {
    notifyAll();
  }

  /** Looks after all pools whenever something is due. */
  private void tend() {
    try {
      while (gardener != null) {
        Instant now = clock.instant();
        Instant due = now.plus(properties.window());
        for (SandboxPool stock : stocks.values()) {
          Instant next = stock.tend();
          due = next.isBefore(due) ? next : due;
        }
        synchronized (this) {
          wait(Math.max(1, Duration.between(now, due).toMillis()));
        }
      }
    } catch (InterruptedException e) {
      log.debug("pools are no longer looked after");
    }
  }

  @Override
  public void start() {
    Thread thread = Thread.ofVirtual().name("pools").unstarted(this::tend);
    gardener = thread;
    thread.start();
  }

  @Override
  public void stop() {
    Thread thread = gardener;
    gardener = null;
    if (thread != null) {
      thread.interrupt();
    }
    try {
      Deadline end = Deadline.in(LAST);
      for (String name : List.copyOf(stocks.keySet())) {
        SandboxPool stock = stocks.remove(name);
        if (stock != null) {
          stock.close(end.left());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return gardener != null;
  }

  /**
   * Starts the pools after the sandboxes and before the templates that have pools, and stops them
   * before the sandboxes.
   */
  @Override
  public int getPhase() {
    return ServiceLifecycle.PHASE + 1;
  }
}
