package dev.caisson.history;

import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The sweeper, which forgets what has been kept for long enough, and sees to the state directory:
 * one thread that waits for the next time at which something is due, so that an ended sandbox costs
 * a row and no thread.
 */
@Component
final class Sweeper {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  /** The longest pause between looks at events: each has a time of its own at which it is due. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final SandboxRecords records;
  private final Archives archives;
  private final EventLog events;
  private final Database database;
  private final BatchWriter ledger;
  private final DatabaseBackup backup;
  private final Reserve reserve;
  private final SandboxProperties properties;
  private final Clock clock;
  private final Semaphore news = new Semaphore(0);
  private @Nullable Thread thread;
  private volatile boolean stopped;

  Sweeper(
      SandboxRecords records,
      Archives archives,
      EventLog events,
      Database database,
      BatchWriter ledger,
      DatabaseBackup backup,
      Reserve reserve,
      SandboxProperties properties,
      Clock clock) {
    this.records = records;
    this.archives = archives;
    this.events = events;
    this.database = database;
    this.ledger = ledger;
    this.backup = backup;
    this.reserve = reserve;
    this.properties = properties;
    this.clock = clock;
  }

  /** Begins to sweep; tells of each sandbox that it forgot. */
  void start(Consumer<Sandbox> forgotten) {
    stopped = false;
    thread = Thread.ofVirtual().name("sweeper").start(() -> run(forgotten));
  }

  /**
   * Wakes the sweeper when a sandbox has ended: what is due, and how much there is, may be another.
   */
  void news() {
    news.release();
  }

  void stop() {
    stopped = true;
    news.release();
    try {
      Thread running = thread;
      if (running != null && !running.join(Duration.ofSeconds(10))) {
        log.warn("the sweeper does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Consumer<Sandbox> forgotten) {
    try {
      while (!stopped) {
        Duration pause = LONGEST;
        try {
          reserve.take();
          backup.makeIfDue();
          sweep(forgotten);
          pause = untilDue();
        } catch (RuntimeException e) {
          log.atWarn().addKeyValue("error", e.getMessage()).log("could not sweep, will try again");
        }
        boolean _ = news.tryAcquire(pause.toMillis() + 1, TimeUnit.MILLISECONDS);
        news.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration untilDue() {
    Optional<Instant> first = records.firstEnd();
    if (first.isEmpty()) {
      return LONGEST;
    }
    Duration left = Duration.between(clock.instant(), first.get().plus(properties.retention()));
    return left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST) > 0 ? LONGEST : left;
  }

  private void sweep(Consumer<Sandbox> forgotten) {
    Instant before = clock.instant().minus(properties.retention());
    for (List<SandboxId> due = records.endedBefore(before);
        !due.isEmpty() && !stopped;
        due = records.endedBefore(before)) {
      for (SandboxId id : due) {
        Optional<History.Kept> kept = records.find(id);
        archives.forget(id);
        records.forget(id);
        kept.ifPresent(each -> forgotten.accept(each.sandbox()));
      }
    }
    archives.bound();
    trim(before);
  }

  private void trim(Instant before) {
    long old =
        database.number(
            "select max(seq) from events where happened_at < ?", RecordJson.micros(before));
    long upTo = Math.max(old, events.last() - properties.eventsKept());
    long at = database.number("select max(happened_at) from events where seq <= ?", upTo);
    if (at == 0) {
      return;
    }
    ledger.write(page -> {
      page.sql().update("update marks set mark = ? where name = 'removed'", upTo);
      page.sql().update("update marks set mark = ? where name = 'removed_at'", at);
      page.sql().update("delete from events where seq <= ?", upTo);
    });
    events.forgot(upTo, at);
  }
}
