package dev.caisson.history;

import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The rows of processes that are written together: a statement is prepared once for all of them,
 * which costs more than a row does.
 */
final class ProcessRows {
  private final List<Row> rows = new ArrayList<>();

  /** A process as it is now, which had a row before or has none yet. */
  record Row(String sandbox, long pid, long startedAt, String record) {
    private Object[] values() {
      return new Object[] {startedAt, record, sandbox, pid};
    }
  }

  void add(Row row) {
    rows.add(row);
  }

  /** Writes the rows, of which none is left then. */
  void write(JdbcTemplate sql) {
    if (rows.isEmpty()) {
      return;
    }
    int[] known =
        sql.batchUpdate(
            "update processes set started_at = ?, record = ? where sandbox = ? and pid = ?",
            rows.stream().map(Row::values).toList());
    List<Object[]> fresh = new ArrayList<>();
    for (int i = 0; i < known.length; i++) {
      if (known[i] == 0) {
        fresh.add(rows.get(i).values());
      }
    }
    rows.clear();
    if (!fresh.isEmpty()) {
      sql.batchUpdate(
          "insert into processes (started_at, record, sandbox, pid) values (?, ?, ?, ?)", fresh);
    }
  }
}
