package dev.caisson.supervisor.process;

import dev.caisson.supervisor.wire.RefusedException;
import java.util.HashMap;
import java.util.Map;

/** The names that callers have given to what runs, or is about to be started again. */
public final class Names {
  private final Map<String, Chain> taken = new HashMap<>();

  synchronized void take(String name, Chain chain) throws RefusedException {
    Chain other = taken.putIfAbsent(name, chain);
    if (other != null) {
      throw new RefusedException(
          "NAME_TAKEN", "the name " + name + " is taken by process " + other.pid());
    }
  }

  synchronized void free(String name, Chain chain) {
    taken.remove(name, chain);
  }
}
