package dev.caisson.history;

import dev.caisson.sandbox.SandboxId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bound on what is held, in estimated bytes, while the database is away and no caller waits for
 * it: one for all, and one for each sandbox, so that none can push out what others have to tell.
 */
final class Held {
  static final long MOST = 64L << 20;
  static final long MOST_OF_ONE = 16L << 20;

  private final Map<SandboxId, Long> each = new HashMap<>();
  private long all;

  /**
   * Adds so many bytes, or takes some back; returns false, and changes nothing, if it is too much.
   */
  boolean add(@Nullable SandboxId sandbox, long bytes) {
    long own = sandbox == null ? 0 : each.getOrDefault(sandbox, 0L);
    if (bytes > 0 && (all + bytes > MOST || own + bytes > MOST_OF_ONE)) {
      return false;
    }
    all += bytes;
    if (sandbox != null) {
      if (own + bytes > 0) {
        each.put(sandbox, own + bytes);
      } else {
        each.remove(sandbox);
      }
    }
    return true;
  }

  void clear() {
    all = 0;
    each.clear();
  }
}
