package dev.caisson.supervisor.process;

import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.util.HashMap;
import java.util.Map;

/** The names that callers have given to what runs, or is about to be started again. */
public final class ProcessNames {
  private final Map<String, RestartSequence> taken = new HashMap<>();

  synchronized void take(String name, RestartSequence sequence) throws RefusedException {
    RestartSequence other = taken.putIfAbsent(name, sequence);
    if (other != null) {
      throw new RefusedException(
          RefusalCode.NAME_TAKEN, "the name " + name + " is in use by process " + other.pid());
    }
  }

  synchronized void free(String name, RestartSequence sequence) {
    taken.remove(name, sequence);
  }
}
