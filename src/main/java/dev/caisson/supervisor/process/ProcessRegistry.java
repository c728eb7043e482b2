package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.ProcessTag;
import dev.caisson.supervisor.journal.RecordedProcess;
import dev.caisson.supervisor.journal.Records;
import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The list of the processes that run and those whose record is kept, oldest first. What is over
 * lies on disk alone; of it memory holds the pid. Should the kernel give a kept pid to a new
 * process, the old record is forgotten.
 */
public final class ProcessRegistry {
  /** The place of a record that was not tried to be read yet. */
  private static final long UNTRIED = Records.IN_DIRECTORY - 1;

  private final Records records;
  private final RepeatedStarts repeatedStarts;
  private final Bounds bounds;
  private final Map<Long, Kept> kept = new LinkedHashMap<>();
  private long filedBytes;
  private int filed;

  /** The most records of ended processes that are kept, and the most bytes on disk. */
  public record Bounds(int records, long bytes) {
    public static final Bounds DEFAULT = new Bounds(10_000, 1L << 30);
  }

  /**
   * A process in the list: in memory, or on disk with so many bytes.
   *
   * @param sequence null where nothing can come of it any more, and no key leads to it
   * @param place of its record, where it is on disk
   */
  private record Kept(
      @Nullable RunningProcess live,
      long bytes,
      ProcessTag mark,
      @Nullable RestartSequence sequence,
      long place) {}

  public ProcessRegistry(Records records, RepeatedStarts repeatedStarts, Bounds bounds) {
    this.records = records;
    this.repeatedStarts = repeatedStarts;
    this.bounds = bounds;
  }

  /** Enters a process that has just begun. */
  synchronized void enter(RunningProcess live) {
    long pid = live.pid();
    Kept old = kept.remove(pid);
    if (old != null) {
      dropped(pid, old);
    }
    RestartSequence sequence = live.sequence();
    boolean needed = sequence.restarts() || sequence.once() != null;
    kept.put(
        pid,
        new Kept(live, 0, live.child().mark(), needed ? sequence : null, Records.IN_DIRECTORY));
  }

  /** Enters a process that an earlier supervisor has left on disk. */
  synchronized void enter(long pid, long bytes, long place) {
    Kept old = kept.remove(pid);
    if (old != null) {
      // Of two with the same pid the later one was entered, and its directory is its own.
      filed--;
      filedBytes -= old.bytes;
      if (old.place != Records.IN_DIRECTORY || place != Records.IN_DIRECTORY) {
        records.delete(pid, old.place);
      }
    }
    file(pid, new Kept(null, bytes, ProcessTag.NONE, null, place));
  }

  /** Moves a process from memory to disk, and forgets the oldest where that is too much. */
  synchronized void file(RunningProcess live) {
    long pid = live.pid();
    Kept found = kept.get(pid);
    if (found != null && found.live == live) {
      long bytes = live.child().journal().size();
      file(pid, new Kept(null, bytes, found.mark, found.sequence, live.place()));
    }
  }

  private void file(long pid, Kept over) {
    kept.put(pid, over);
    filed++;
    filedBytes += over.bytes;
    Iterator<Map.Entry<Long, Kept>> oldest = kept.entrySet().iterator();
    while ((filed > bounds.records || filedBytes > bounds.bytes) && oldest.hasNext()) {
      Map.Entry<Long, Kept> entry = oldest.next();
      if (entry.getValue().live == null && entry.getKey() != pid) {
        oldest.remove();
        dropped(entry.getKey(), entry.getValue());
      }
    }
  }

  /** Forgets all there were, as if there had been none; refuses while one of them runs. */
  public synchronized void forgetAll() throws RefusedException {
    if (!running().isEmpty()) {
      throw new RefusedException(RefusalCode.EEXIST, "processes are running in the sandbox");
    }
    Map<Long, Kept> all = new LinkedHashMap<>(kept);
    kept.clear();
    all.forEach(this::dropped);
    records.clearLog();
  }

  private void dropped(long pid, Kept old) {
    long place = old.place;
    if (old.live == null) {
      filed--;
      filedBytes -= old.bytes;
    } else {
      old.live.child().journal().forget();
      place = old.live.place();
      old.live.inDirectory();
    }
    if (old.sequence != null && old.sequence.pid() == pid) {
      repeatedStarts.forget(old.sequence);
    }
    records.delete(pid, place);
  }

  /** Returns whether a process is in memory, and not forgotten for another with its pid. */
  synchronized boolean has(RunningProcess live) {
    Kept found = kept.get(live.pid());
    return found != null && found.live == live;
  }

  /** Finds a process, in memory or on disk. */
  public Source find(long pid) throws RefusedException {
    long tried = UNTRIED;
    while (true) {
      long place;
      synchronized (this) {
        Kept found = kept.get(pid);
        if (found == null) {
          throw RefusedException.noSuchProcess(pid);
        }
        if (found.live != null) {
          return found.live;
        }
        place = found.place;
      }
      try {
        return new RecordedProcess(records.directory(pid), records.read(pid, place));
      } catch (IOException e) {
        // A record that moves while it is read is looked for in its new place.
        if (place == tried) {
          Log.warn("a record cannot be read", "pid", pid, "error", e);
          throw RefusedException.noSuchProcess(pid);
        }
        tried = place;
      }
    }
  }

  /** Writes the record of a process that has ended again, unless it is forgotten. */
  synchronized void rewrite(RunningProcess live) throws IOException {
    long pid = live.pid();
    Kept found = kept.get(pid);
    long place = found == null || found.live != null ? live.place() : found.place;
    // The same pid may be another's by now.
    if (found != null && records.read(pid, place).startedAt() == live.started().startedAt()) {
      records.write(live.process());
      if (place != Records.IN_DIRECTORY) {
        records.delete(pid, place);
        live.inDirectory();
        if (found.live == null) {
          kept.put(
              pid, new Kept(null, found.bytes, found.mark, found.sequence, Records.IN_DIRECTORY));
        }
      }
    }
  }

  public synchronized ProcessTag mark(long pid) {
    Kept found = kept.get(pid);
    return found == null ? ProcessTag.NONE : found.mark;
  }

  /** Returns the process that has this mark, 0 if none is kept. */
  synchronized long marked(ProcessTag mark) {
    for (Map.Entry<Long, Kept> entry : kept.entrySet()) {
      if (mark.process() && entry.getValue().mark.equals(mark)) {
        return entry.getKey();
      }
    }
    return 0;
  }

  synchronized @Nullable public RestartSequence sequence(long pid) {
    Kept found = kept.get(pid);
    return found == null ? null : found.sequence;
  }

  /** Returns the sequences of all processes, each at least once. */
  synchronized List<RestartSequence> sequences() {
    List<RestartSequence> sequences = new ArrayList<>();
    for (Kept entry : kept.values()) {
      if (entry.sequence != null) {
        sequences.add(entry.sequence);
      }
    }
    return sequences;
  }

  /** Returns the pids of all processes, oldest first. */
  public synchronized List<Long> pids() {
    return new ArrayList<>(kept.keySet());
  }

  /** Returns the processes that run. */
  public synchronized List<RunningProcess> running() {
    List<RunningProcess> running = new ArrayList<>();
    for (Kept entry : kept.values()) {
      if (entry.live != null && !entry.live.ended()) {
        running.add(entry.live);
      }
    }
    return running;
  }
}
