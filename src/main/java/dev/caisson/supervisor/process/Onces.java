package dev.caisson.supervisor.process;

import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys under which something was started that is still kept. They are in memory alone: a
 * supervisor that was lost takes them with it, as it does the processes.
 */
public final class Onces {
  private final Map<String, Entry> entries = new HashMap<>();

  /** What a key stands for; nothing yet while it is being started. */
  private static final class Entry {
    private final String fingerprint;
    private @Nullable Chain chain;

    Entry(String fingerprint) {
      this.fingerprint = fingerprint;
    }
  }

  /** What was started under this key; null if nothing was, and it is the caller's turn to start. */
  synchronized @Nullable Chain take(Request.Once once)
      throws RefusedException, InterruptedException {
    while (true) {
      Entry found = entries.get(once.key());
      if (found == null) {
        entries.put(once.key(), new Entry(once.fingerprint()));
        return null;
      }
      if (!found.fingerprint.equals(once.fingerprint())) {
        throw new RefusedException("KEY_REUSED", "the key was used for another request");
      }
      if (found.chain != null) {
        return found.chain;
      }
      wait();
    }
  }

  /** The caller has started it, or could not (null). */
  synchronized void started(Request.Once once, @Nullable Chain chain) {
    Entry entry = entries.get(once.key());
    if (entry != null && entry.chain == null) {
      if (chain == null) {
        entries.remove(once.key());
      } else {
        entry.chain = chain;
      }
    }
    notifyAll();
  }

  /** The record of its latest attempt is kept no longer. */
  synchronized void forget(Chain chain) {
    Request.Once once = chain.once();
    Entry entry = once == null ? null : entries.get(once.key());
    if (once != null && entry != null && entry.chain == chain) {
      entries.remove(once.key());
    }
  }
}
