package dev.caisson.history;

import dev.caisson.sandbox.SandboxId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;

/**
 * The events of all sandboxes, as they are in the database. The latest are in memory too, so that
 * readers who keep up cost no query each; one who is behind reads the table on its own.
 */
@Component
final class EventLog {
  private static final int PAGE = 500;
  private static final int IN_MEMORY = 2000;
  private static final RowMapper<SandboxEvent> ROW =
      (row, _) ->
          new SandboxEvent(
              row.getLong("seq"),
              RecordJson.instant(row.getLong("happened_at")),
              row.getString("sandbox"),
              row.getString("type"),
              RecordJson.tree(row.getString("data")));

  private final Database database;
  private final ArrayDeque<SandboxEvent> latest = new ArrayDeque<>();
  private long last;
  private long removed;
  private long removedAt;
  private boolean closed;

  EventLog(Database database) {
    this.database = database;
  }

  /** The events that a reader wants. */
  record Wanted(@Nullable SandboxId sandbox, Set<String> types) {
    boolean has(SandboxEvent event) {
      return (sandbox == null || sandbox.value().equals(event.sandbox()))
          && (types.isEmpty() || types.contains(event.type()));
    }
  }

  /**
   * A piece of the log.
   *
   * @param gap what is no longer kept before it
   * @param upTo the seq up to which nothing is left that was wanted
   */
  record Piece(EventData.@Nullable Gap gap, List<SandboxEvent> events, long upTo) {}

  /** Learns where the log ends; before anything is written. */
  synchronized void open() {
    last = mark("event");
    removed = mark("removed");
    removedAt = mark("removed_at");
    latest.clear();
    closed = false;
  }

  private long mark(String name) {
    return database.number("select mark from marks where name = ?", name);
  }

  /** Returns the seq of the last event that is committed. */
  synchronized long last() {
    return last;
  }

  /** Takes up events that are committed, and wakes the readers that wait for them. */
  synchronized void committed(List<SandboxEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    for (SandboxEvent event : events) {
      latest.add(event);
      last = event.seq();
    }
    while (latest.size() > IN_MEMORY) {
      latest.removeFirst();
    }
    notifyAll();
  }

  /**
   * Notes that events up to this one were removed from the table; the newest of them was of this
   * time.
   */
  synchronized void forgot(long upTo, long at) {
    removed = Math.max(removed, upTo);
    removedAt = Math.max(removedAt, at);
  }

  /** Waits for events after this one; returns false when there will be no more. */
  synchronized boolean await(long after) throws InterruptedException {
    while (last <= after && !closed) {
      wait();
    }
    return !closed;
  }

  /** Closes the log, and wakes the readers that wait: there will be no more events. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /**
   * Returns the next events after this one; none where there are none yet.
   *
   * @param since before this nothing can have happened that is wanted
   */
  Piece after(long seq, Wanted wanted, Instant since) {
    EventData.Gap gap = null;
    long from = seq;
    long end;
    synchronized (this) {
      if (seq < removed) {
        gap = removedAt >= RecordJson.micros(since) ? new EventData.Gap(seq + 1, removed) : null;
        from = removed;
      }
      end = last;
      SandboxEvent oldest = latest.peekFirst();
      if (from >= last || (oldest != null && oldest.seq() <= from + 1)) {
        return piece(gap, remembered(from, wanted), end);
      }
    }
    long begin = from;
    return piece(gap, database.read(sql -> query(sql, begin, end, wanted)), end);
  }

  private List<SandboxEvent> remembered(long from, Wanted wanted) {
    return latest.stream()
        .filter(event -> event.seq() > from && wanted.has(event))
        .limit(PAGE)
        .toList();
  }

  private static Piece piece(EventData.@Nullable Gap gap, List<SandboxEvent> found, long end) {
    return new Piece(gap, found, found.size() == PAGE ? found.getLast().seq() : end);
  }

  private static List<SandboxEvent> query(JdbcTemplate sql, long seq, long end, Wanted wanted) {
    StringBuilder text = new StringBuilder("select * from events where seq > ? and seq <= ?");
    List<Object> values = new ArrayList<>(List.of(seq, end));
    if (wanted.sandbox() != null) {
      text.append(" and sandbox = ?");
      values.add(wanted.sandbox().value());
    }
    if (!wanted.types().isEmpty()) {
      text.append(" and type in (")
          .append(String.join(", ", Collections.nCopies(wanted.types().size(), "?")))
          .append(')');
      values.addAll(wanted.types());
    }
    return sql.query(text.append(" order by seq limit " + PAGE).toString(), ROW, values.toArray());
  }
}
