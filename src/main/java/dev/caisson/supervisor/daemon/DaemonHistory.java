package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.wire.DaemonRun;
import dev.caisson.supervisor.wire.DaemonStatus;
import java.util.ArrayList;
import java.util.List;

/** The runs of the daemons that are over, newest first. */
final class DaemonHistory {

  private final List<DaemonRun> runs = new ArrayList<>();

  /** The number of the newest runs that were followed by no answer yet. */
  private int waiting;

  void add(DaemonRun run) {
    runs.addFirst(run);
    waiting++;
    while (runs.size() > DaemonStatus.MOST_RUNS) {
      runs.removeLast();
    }
  }

  /** Notes that the daemon answers (again), at this time in microseconds. */
  void back(long at) {
    for (int i = 0; i < Math.min(waiting, runs.size()); i++) {
      DaemonRun run = runs.get(i);
      // A stop lasted for as long as somebody wanted it to: that is no measure of anything.
      if (run.cause() != DaemonRun.Cause.STOPPED) {
        runs.set(i, run.back(Math.max(1, (at - run.endedAt()) / 1_000)));
      }
    }
    waiting = 0;
  }

  List<DaemonRun> list() {
    return List.copyOf(runs);
  }
}
