package dev.caisson.supervisor.process;

import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the starts that are still kept. They are in memory alone: a supervisor that was lost
 * takes them with it, as it does the processes.
 */
public final class RepeatedStarts {
  private final Map<String, Entry> entries = new HashMap<>();

  /** The sequence that a key stands for; none yet while it is being started. */
  private static final class Entry {
    private final String fingerprint;
    private @Nullable RestartSequence sequence;

    Entry(String fingerprint) {
      this.fingerprint = fingerprint;
    }
  }

  /**
   * Returns what was started under this key; null if nothing was, and it is the caller's turn to
   * start.
   */
  synchronized @Nullable RestartSequence take(Request.Once once)
      throws RefusedException, InterruptedException {
    while (true) {
      Entry found = entries.get(once.key());
      if (found == null) {
        entries.put(once.key(), new Entry(once.fingerprint()));
        return null;
      }
      if (!found.fingerprint.equals(once.fingerprint())) {
        throw new RefusedException(RefusalCode.KEY_REUSED, "the key was used for another request");
      }
      if (found.sequence != null) {
        return found.sequence;
      }
      wait();
    }
  }

  /** Records that the caller has started this sequence, or could not (null). */
  synchronized void started(Request.Once once, @Nullable RestartSequence sequence) {
    Entry entry = entries.get(once.key());
    if (entry != null && entry.sequence == null) {
      if (sequence == null) {
        entries.remove(once.key());
      } else {
        entry.sequence = sequence;
      }
    }
    notifyAll();
  }

  /** Forgets the key of a sequence, since the record of its latest attempt is kept no longer. */
  synchronized void forget(RestartSequence sequence) {
    Request.Once once = sequence.once();
    Entry entry = once == null ? null : entries.get(once.key());
    if (once != null && entry != null && entry.sequence == sequence) {
      entries.remove(once.key());
    }
  }
}
