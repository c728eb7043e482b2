package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.ProcessInfo;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a sandbox that has ended, as they were last heard of; all have ended with it.
 */
public interface KnownProcesses {
  /**
   * Creates an empty list, for a sandbox that ended for this reason and of which no process is
   * known.
   */
  static KnownProcesses none(@Nullable EndReason reason) {
    return new KnownProcesses() {
      @Override
      public Iterator<ProcessInfo> list() {
        return Collections.emptyIterator();
      }

      @Override
      public @Nullable ProcessInfo find(long pid) {
        return null;
      }

      @Override
      public ProcessInfo.Cause cause() {
        return causeOf(reason);
      }
    };
  }

  /** Returns what ended the processes that ran when a sandbox ended for this reason. */
  static ProcessInfo.Cause causeOf(@Nullable EndReason reason) {
    return reason == EndReason.TERMINATED
            || reason == EndReason.EXPIRED
            || reason == EndReason.DISK_FULL
        ? ProcessInfo.Cause.SANDBOX_ENDED
        : ProcessInfo.Cause.SUPERVISOR_LOST;
  }

  /** Returns all processes, oldest first, read as they are asked for. */
  Iterator<ProcessInfo> list();

  /** Returns a process, or null if it was never heard of. */
  @Nullable ProcessInfo find(long pid);

  /** Returns what ended the processes that ran when the sandbox ended. */
  ProcessInfo.Cause cause();
}
