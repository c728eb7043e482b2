package dev.caisson.history;

import dev.caisson.sandbox.KnownProcesses;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The processes of all sandboxes in the database, as they were last heard of. */
@Component
final class ProcessRecords {
  /**
   * The length beyond which a command line is shortened: a row is for looking up what became of a
   * process.
   */
  private static final int LONGEST = 100_000;

  private static final int AT_ONCE = 100;

  private final Database database;
  private final BatchWriter ledger;

  ProcessRecords(Database database, BatchWriter ledger) {
    this.database = database;
    this.ledger = ledger;
  }

  private record Key(SandboxId sandbox, long pid) {}

  /** Records a process as it is now, soon, with the event that tells of it. */
  void put(SandboxId sandbox, ProcessInfo process, Instant at) {
    ledger.append(
        new Key(sandbox, process.pid()),
        before -> {
          List<Told> told = new ArrayList<>(before instanceof Row row ? row.told() : List.of());
          told.add(new Told(at, EventData.ProcessMoved.from(process)));
          return new Row(sandbox, process, told);
        });
  }

  private record Told(Instant at, EventData event) {}

  /** A process as it is now, and all that became of it since it was last written. */
  private record Row(SandboxId sandbox, ProcessInfo process, List<Told> told)
      implements BatchWriter.Change {
    @Override
    public long weight() {
      return 1000L
          + 2L * process.command().stream().mapToLong(String::length).sum()
          + 2L * process.cwd().length()
          + 300L * told.size();
    }

    @Override
    public void apply(WriteBatch page) {
      page.process(
          new ProcessRows.Row(sandbox.value(), process.pid(), process.startedAt(), json(process)));
      told.forEach(each -> page.event(sandbox, each.at(), each.event()));
    }
  }

  /** Forgets a process. */
  void forget(SandboxId sandbox, long pid) {
    ledger.append(page ->
        page.sql()
            .update("delete from processes where sandbox = ? and pid = ?", sandbox.value(), pid));
  }

  /**
   * Lists all processes of a sandbox, oldest first, some at a time: it can have had many, with long
   * commands.
   */
  Iterator<ProcessInfo> list(SandboxId sandbox) {
    return new Rows(sandbox);
  }

  /** Rows in their order, of which so many are in memory as are read at once. */
  private final class Rows implements Iterator<ProcessInfo> {
    private final SandboxId sandbox;
    private final Queue<ProcessInfo> ahead = new ArrayDeque<>();
    private long startedAt = Long.MIN_VALUE;
    private long pid = Long.MIN_VALUE;
    private boolean more = true;

    Rows(SandboxId sandbox) {
      this.sandbox = sandbox;
    }

    @Override
    public boolean hasNext() {
      if (ahead.isEmpty() && more) {
        ahead.addAll(
            database.read(sql ->
                sql.query(
                    "select record from processes where sandbox = ?"
                        + " and (started_at > ? or (started_at = ? and pid > ?))"
                        + " order by started_at, pid limit ?",
                    (row, _) -> RecordJson.read(row.getString(1), ProcessInfo.class),
                    sandbox.value(),
                    startedAt,
                    startedAt,
                    pid,
                    AT_ONCE)));
        more = ahead.size() == AT_ONCE;
      }
      return !ahead.isEmpty();
    }

    @Override
    public ProcessInfo next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      ProcessInfo process = ahead.remove();
      startedAt = process.startedAt();
      pid = process.pid();
      return process;
    }
  }

  private @Nullable ProcessInfo find(SandboxId sandbox, long pid) {
    return database
        .read(sql ->
            sql.query(
                "select record from processes where sandbox = ? and pid = ?",
                (row, _) -> RecordJson.read(row.getString(1), ProcessInfo.class),
                sandbox.value(),
                pid))
        .stream()
        .findFirst()
        .orElse(null);
  }

  /**
   * Returns the processes of a sandbox that is over: what ran then has ended with it, in its way.
   */
  KnownProcesses of(Sandbox sandbox) {
    SandboxId id = sandbox.id();
    return new KnownProcesses() {
      @Override
      public Iterator<ProcessInfo> list() {
        Iterator<ProcessInfo> all = ProcessRecords.this.list(id);
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return all.hasNext();
          }

          @Override
          public ProcessInfo next() {
            return over(all.next(), sandbox);
          }
        };
      }

      @Override
      public @Nullable ProcessInfo find(long pid) {
        ProcessInfo process = ProcessRecords.this.find(id, pid);
        return process == null ? null : over(process, sandbox);
      }

      @Override
      public ProcessInfo.Cause cause() {
        return KnownProcesses.causeOf(sandbox.reason());
      }
    };
  }

  private static ProcessInfo over(ProcessInfo process, Sandbox sandbox) {
    if (process.exit() != null) {
      return process;
    }
    Instant ended = sandbox.life().endedAt();
    return process.toBuilder()
        .exit(
            new ProcessInfo.Exit(
                137,
                "KILL",
                KnownProcesses.causeOf(sandbox.reason()),
                ended == null ? process.startedAt() : RecordJson.micros(ended)))
        .build();
  }

  private static String json(ProcessInfo process) {
    String json = RecordJson.text(process);
    if (json.length() <= LONGEST) {
      return json;
    }
    String first = process.command().getFirst();
    String shown = first.length() > 1000 ? first.substring(0, 1000) : first;
    return RecordJson.text(
        process.toBuilder()
            .command(List.of(shown, "…"))
            .cwd(process.cwd().length() > 4096 ? "/" : process.cwd())
            .readiness(null)
            .build());
  }
}
