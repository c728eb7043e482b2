package dev.caisson.supervisor.child;

import dev.caisson.supervisor.wire.ProcessInfo;

/** Hears of the end of one child, from the reaper or the pump, which must not wait. */
public interface ChildListener {

  /** Records the end; output until then is in the journal, and nobody knows before this returns. */
  void record(ProcessInfo.Exit exit);

  /** Hears that it has ended, after whoever waited for that. */
  void ended(ProcessInfo.Exit exit);

  /** Hears that it has ended, and that nobody holds its pipes any more. */
  void silent();
}
