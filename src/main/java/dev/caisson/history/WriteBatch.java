package dev.caisson.history;

import dev.caisson.sandbox.SandboxId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The changes that are committed together, and the events among them, numbered without holes from
 * the last that was committed. No reader sees an event before its commit, so no number is used
 * twice.
 */
final class WriteBatch {
  private final long first;
  private final List<SandboxEvent> events = new ArrayList<>();
  private final ProcessRows processes = new ProcessRows();
  private @Nullable JdbcTemplate sql;

  WriteBatch(long last) {
    this.first = last + 1;
  }

  /** Returns the database, in this transaction, with all that was to be written before. */
  JdbcTemplate sql() {
    JdbcTemplate template = Objects.requireNonNull(sql);
    processes.write(template);
    return template;
  }

  /** Writes the row of a process, together with those of others. */
  void process(ProcessRows.Row row) {
    processes.add(row);
  }

  /** Adds an event, with the time that the table can hold: it reads the same from memory. */
  void event(SandboxId sandbox, Instant at, EventData data) {
    events.add(
        new SandboxEvent(
            first + events.size(),
            RecordJson.instant(RecordJson.micros(at)),
            sandbox.value(),
            data.type(),
            RecordJson.tree(data)));
  }

  List<SandboxEvent> events() {
    return events;
  }

  /** Returns the number of its last event, or of the last before it. */
  long last() {
    return first + events.size() - 1;
  }

  /**
   * Commits the whole batch. Where its last event is in the database already, an earlier try was
   * committed, though its answer was lost: there is no other writer.
   */
  void write(Database database, List<BatchWriter.Change> changes) {
    database.write(template -> {
      sql = template;
      changes.forEach(change -> change.apply(this));
      processes.write(template);
      if (events.isEmpty()) {
        return;
      }
      Long known =
          template.queryForObject("select mark from marks where name = 'event'", Long.class);
      if (known != null && known >= last()) {
        return;
      }
      template.batchUpdate(
          "insert into events (seq, sandbox, type, happened_at, data) values (?, ?, ?, ?, ?)",
          events.stream()
              .map(e ->
                  new Object[] {
                    e.seq(),
                    e.sandbox(),
                    e.type(),
                    RecordJson.micros(e.at()),
                    RecordJson.text(e.data())
                  })
              .toList());
      template.update("update marks set mark = ? where name = 'event'", last());
    });
  }
}
