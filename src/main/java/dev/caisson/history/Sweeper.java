package dev.caisson.history;

import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.time.DueLoop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The sweeper, which forgets what has been kept for long enough, and sees to the state directory:
 * one thread that waits for the next time at which something is due, so that an ended sandbox costs
 * a row and no thread.
 */
@Component
final class Sweeper {
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
  private final DueLoop loop;

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
    loop = new DueLoop("sweeper", LONGEST, clock);
  }

  /** Begins to sweep; tells of each sandbox that it forgot. */
  void start(Consumer<Sandbox> forgotten) {
    loop.start(() -> round(forgotten));
  }

  /**
   * Wakes the sweeper when a sandbox has ended: what is due, and how much there is, may be another.
   */
  void news() {
    loop.wake();
  }

  void stop() {
    loop.stop(Duration.ofSeconds(10));
  }

  private @Nullable Instant round(Consumer<Sandbox> forgotten) {
    reserve.take();
    backup.makeIfDue();
    sweep(forgotten);
    return records.firstEnd().map(end -> end.plus(properties.retention())).orElse(null);
  }

  private void sweep(Consumer<Sandbox> forgotten) {
    Instant before = clock.instant().minus(properties.retention());
    for (List<SandboxId> due = records.endedBefore(before);
        !due.isEmpty() && loop.isRunning();
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
