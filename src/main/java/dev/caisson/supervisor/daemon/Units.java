package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.wire.ProcessInfo;
import java.util.List;
import java.util.Map;

/**
 * The daemons of a sandbox as processes: what the keeper needs of those who start, reap and
 * journal.
 *
 * <p>A unit's output goes to the journal of its name ({@code containerd}, {@code dockerd}); one
 * journal for all its runs, bounded, so that {@code Follow("dockerd", …)} shows the run before a
 * crash and the run after it.
 */
public interface Units {

  /** The unit that keeps images and shims. */
  String CONTAINERD = "containerd";

  /** The unit that answers the Docker API. */
  String DOCKERD = "dockerd";

  /**
   * Starts a unit in a session of its own and returns its pid at once.
   *
   * @throws UnitRefusedException where the system said no; nothing was started then
   */
  long start(Unit unit, Ended ended) throws UnitRefusedException;

  /**
   * Signals the process of a unit <em>alone</em>, never its group or session: containerd's shims
   * are in there, and with them the inner containers, which live on.
   *
   * @param signal a name such as {@code TERM}
   * @return whether the unit ran; a signal to one that has ended is no error
   */
  boolean signal(String name, String signal);

  /** Returns the position at which a unit's journal ends now: later output comes after it. */
  long position(String name);

  /**
   * Returns the last lines of a unit's journal after a position of it, both streams as they came;
   * empty where there are none.
   */
  String tail(String name, int lines, long after);

  /**
   * A unit to be started.
   *
   * @param name of its journal
   * @param command program (an absolute path) and arguments
   * @param env the whole environment, nothing is added to it; its values are never logged
   */
  record Unit(String name, List<String> command, Map<String, String> env) {
    public Unit {
      command = List.copyOf(command);
      env = Map.copyOf(env);
    }
  }

  /**
   * The listener to the end of a unit, called once by the reaper's thread: it only marks and
   * returns.
   */
  @FunctionalInterface
  interface Ended {

    /**
     * Reports how the run with this pid ended. A kill for memory is {@link
     * ProcessInfo.Cause#OUT_OF_MEMORY} where that could be told.
     */
    void ended(long pid, ProcessInfo.Exit exit);
  }
}
