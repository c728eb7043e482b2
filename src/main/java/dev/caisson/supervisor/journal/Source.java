package dev.caisson.supervisor.journal;

import dev.caisson.supervisor.wire.ProcessInfo;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A journal as its readers see it: where it lies, and whether more is to come. */
public interface Source {

  Path directory();

  /** Returns the seq of the last piece that is written. */
  long lastSeq();

  /** Waits until there is a piece after this one, or the writer has ended. */
  void awaitAfter(long seq) throws InterruptedException;

  /** Returns whether the writer has ended; readers ask this before {@link #lastSeq}. */
  boolean ended();

  /**
   * Returns the process that writes the journal, as it is now, or null for a unit, which begins
   * again and again.
   */
  @Nullable ProcessInfo process();

  /** Returns the process that writes the journal, for callers that know it to be one. */
  default ProcessInfo requireProcess() {
    ProcessInfo process = process();
    if (process == null) {
      throw new IllegalStateException("a unit is not a process");
    }
    return process;
  }
}
