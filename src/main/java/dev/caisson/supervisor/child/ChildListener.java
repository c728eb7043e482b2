package dev.caisson.supervisor.child;

import dev.caisson.supervisor.wire.ProcessInfo;

/** The listener to the end of one child, called by the reaper or the pump, which must not wait. */
public interface ChildListener {

  /** Records the end, before it is known elsewhere; output until then is in the journal. */
  void record(ProcessInfo.Exit exit);

  /** Hears that the child has ended, after the tasks that waited for it. */
  void ended(ProcessInfo.Exit exit);

  /** Hears that the child has ended, and that no process holds its pipes any more. */
  void silent();
}
