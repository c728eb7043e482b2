package dev.caisson.lifecycle;

import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.Usage;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The accounts of what sandboxes keep on the disk; they are measured one by one. */
@Component
final class DiskLedger {
  private static final Logger log = LoggerFactory.getLogger(DiskLedger.class);

  /**
   * The length of the rest after a measurement, in times of its own length: all measurements
   * together take a tenth of the time, more only where that rest would exceed {@link
   * DiskProperties#measure}.
   */
  private static final int REST = 10;

  /**
   * The longest time one round of measurements takes; a sandbox that is still due then waits for
   * the next round, so that no other sandbox waits for it.
   */
  private static final Duration TURN = Duration.ofSeconds(5);

  private static final Duration ENDLESS = Duration.ofDays(1);

  private final Engine engine;
  private final SandboxProperties sandboxes;
  private final DiskProperties properties;
  private final Map<SandboxId, DiskAccount> accounts = new ConcurrentHashMap<>();
  private boolean begun;

  DiskLedger(Engine engine, SandboxProperties sandboxes, DiskProperties properties) {
    this.engine = engine;
    this.sandboxes = sandboxes;
    this.properties = properties;
  }

  /**
   * Returns what this sandbox keeps, in bytes, as last measured; null before its first measurement.
   */
  @Nullable Long kept(SandboxId id) {
    DiskAccount account = accounts.get(id);
    return account == null ? null : account.kept();
  }

  /**
   * Returns readings of what a sandbox uses from now on, each completed with what it keeps.
   *
   * @throws EngineException if the engine does not answer
   */
  Usage.Readings usage(SandboxId id, String container) {
    Usage.Readings readings = engine.usage(container);
    return new Usage.Readings() {
      @Override
      public @Nullable Usage next() {
        Usage next = readings.next();
        return next == null ? null : next.keeping(kept(id));
      }

      @Override
      public void close() {
        readings.close();
      }
    };
  }

  /** Returns what the sandbox may keep, in bytes; 0 for no bound. */
  long bound(SandboxId id) {
    DiskAccount account = accounts.get(id);
    return account == null ? 0 : account.bound();
  }

  /**
   * Keeps accounts of these sandboxes and no others, and measures those that are due. Returns the
   * sandboxes that are over their bound.
   *
   * @param taken bytes that went from the host's disk since the last look
   */
  List<SandboxId> look(Collection<Sandbox> living, long taken) {
    settle(living, taken);
    long now = System.nanoTime();
    measure(
        accounts.entrySet().stream()
            .filter(entry -> entry.getValue().isDue(now))
            .map(Map.Entry::getKey)
            .toList(),
        TURN);
    return accounts.entrySet().stream()
        .filter(entry -> entry.getValue().isOver())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Measures all of these sandboxes, due or not, and returns what each keeps. */
  Map<SandboxId, Long> all(Collection<Sandbox> living) {
    settle(living, 0);
    measure(List.copyOf(accounts.keySet()), ENDLESS);
    Map<SandboxId, Long> kept = new ConcurrentHashMap<>();
    accounts.forEach((id, account) -> {
      Long bytes = account.kept();
      kept.put(id, bytes == null ? 0 : bytes);
    });
    return kept;
  }

  private void settle(Collection<Sandbox> living, long taken) {
    long now = System.nanoTime();
    Set<SandboxId> ids = living.stream().map(Sandbox::id).collect(Collectors.toSet());
    accounts.keySet().retainAll(ids);
    for (Sandbox sandbox : living) {
      long bound = sandboxes.bound(sandbox.spec().resources());
      accounts.computeIfAbsent(
          sandbox.id(),
          _ ->
              // Those of the first look are older than this service.
              begun
                  ? DiskAccount.fresh(bound, properties.measure(), now)
                  : new DiskAccount(bound, properties.measure(), now));
    }
    begun = true;
    accounts.values().forEach(account -> account.taken(taken));
  }

  private void measure(List<SandboxId> due, Duration turn) {
    long begin = System.nanoTime();
    for (SandboxId id : due) {
      long from = System.nanoTime();
      if (from - begin > turn.toNanos()) {
        return;
      }
      Long bytes = null;
      try {
        bytes = engine.diskUse(id);
        if (bytes == null) {
          measureAll(from);
          return;
        }
      } catch (EngineException e) {
        // It may have ended meanwhile; the next measurement may find what this one did not.
        log.atInfo()
            .addKeyValue("sandbox", id)
            .addKeyValue("error", e.getMessage())
            .log("what a sandbox keeps cannot be measured");
      }
      // However many files a sandbox has made, the rest is not so long that anything fits into it.
      long rest = (System.nanoTime() - from) * REST * accounts.size();
      measured(id, bytes, Math.min(rest, properties.measure().toNanos()));
    }
  }

  /** Asks the engine, which has more work with that, for the use of all sandboxes at once. */
  private void measureAll(long from) {
    Map<SandboxId, Long> kept = Map.of();
    try {
      kept = engine.diskUse();
    } finally {
      long rest = REST * (System.nanoTime() - from);
      for (SandboxId id : accounts.keySet()) {
        measured(id, kept.get(id), rest);
      }
    }
  }

  private void measured(SandboxId id, @Nullable Long bytes, long rest) {
    DiskAccount account = accounts.get(id);
    if (account != null) {
      account.measured(bytes, System.nanoTime(), rest);
    }
  }
}
