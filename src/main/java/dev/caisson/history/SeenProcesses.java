package dev.caisson.history;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state in which each process of a sandbox was last seen, so that what is seen twice (by a
 * watch and in a list, before and after a restart of the service) is recorded once.
 */
final class SeenProcesses {
  /**
   * The most processes remembered, as many as a supervisor keeps records of; the rows of those it
   * forgot are forgotten too.
   */
  private static final int MOST = 10_000;

  private final SandboxId sandbox;
  private final ProcessRecords records;
  private final Clock clock;
  private final Map<Long, Seen> last = new LinkedHashMap<>();

  SeenProcesses(SandboxId sandbox, ProcessRecords records, Clock clock) {
    this.sandbox = sandbox;
    this.records = records;
    this.clock = clock;
  }

  private record Seen(
      long startedAt,
      boolean ended,
      ProcessInfo.Readiness.@Nullable State readiness,
      long next,
      long nextAt,
      boolean exhausted) {

    static Seen of(ProcessInfo process) {
      ProcessInfo.Attempt attempt = process.attempt();
      ProcessInfo.Readiness readiness = process.readiness();
      return new Seen(
          process.startedAt(),
          process.exit() != null,
          readiness == null ? null : readiness.state(),
          attempt == null ? 0 : attempt.next(),
          attempt == null ? 0 : attempt.nextAt(),
          attempt != null && attempt.exhausted());
    }
  }

  /** Loads the states that were seen before the service was started. */
  void load() {
    records.list(sandbox).forEachRemaining(process -> last.put(process.pid(), Seen.of(process)));
  }

  /** Records a process, and tells of it, if that is news. */
  void saw(ProcessInfo process) {
    Seen seen = Seen.of(process);
    Seen before = last.get(process.pid());
    if (seen.equals(before)) {
      return;
    }
    boolean older =
        before != null
            && (seen.startedAt() < before.startedAt()
                || (seen.startedAt() == before.startedAt() && before.ended() && !seen.ended()));
    if (older) {
      // A list that was begun before the end was heard of.
      return;
    }
    last.put(process.pid(), seen);
    records.put(sandbox, process, clock.instant());
    if (last.size() > MOST) {
      forgetOne();
    }
  }

  private void forgetOne() {
    for (Iterator<Map.Entry<Long, Seen>> all = last.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Long, Seen> eldest = all.next();
      if (eldest.getValue().ended()) {
        records.forget(sandbox, eldest.getKey());
        all.remove();
        return;
      }
    }
  }
}
