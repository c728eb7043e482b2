package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The processes somebody asked for, those that run and those whose record is kept. What is over
 * lies on disk alone; of it memory holds the pid. Should the kernel give a kept pid to a new
 * process, the old record is forgotten.
 */
final class Processes implements Child.Fate {
  private final Children children;
  private final Records records;
  private final Watchers watchers;
  private final Clock clock;
  private final Bounds bounds;
  private final Map<Long, Kept> kept = new LinkedHashMap<>();
  private long filedBytes;
  private int filed;

  /** How much is kept of what is over. */
  record Bounds(int records, long bytes) {
    static final Bounds DEFAULT = new Bounds(10_000, 1L << 30);
  }

  /** A process in the list: in memory, or on disk with so many bytes. */
  private record Kept(@Nullable LiveSource live, long bytes) {}

  Processes(Children children, Records records, Watchers watchers, Clock clock, Bounds bounds) {
    this.children = children;
    this.records = records;
    this.watchers = watchers;
    this.clock = clock;
    this.bounds = bounds;
  }

  /** Takes over what an earlier supervisor of this sandbox has left on disk. */
  void adopt() throws IOException {
    for (ProcessInfo info : records.left()) {
      if (info.exit() == null) {
        ProcessInfo.Exit lost =
            new ProcessInfo.Exit(
                128 + SignalName.KILL, null, ProcessInfo.Cause.SUPERVISOR_LOST, Micros.now(clock));
        Journal journal = Journal.resumed(records.directory(info.pid()), 0, clock);
        records.write(
            info.with(lost, journal.volume(StreamName.STDOUT), journal.volume(StreamName.STDERR)));
      }
      file(info.pid(), records.size(info.pid()));
    }
  }

  /** Starts a process that has been checked. */
  LiveSource start(Launch launch, Request.Start start, String cwd) throws SystemException {
    return children.spawn(
        launch,
        start.stdin(),
        pid -> new Journal(records.directory(pid), start.journalBytes(), clock),
        this,
        child -> born(child, start, cwd));
  }

  private LiveSource born(Child child, Request.Start start, String cwd) {
    ProcessInfo.Volume none = new ProcessInfo.Volume(0, 0);
    LiveSource live =
        new LiveSource(
            child,
            new ProcessInfo(
                child.pid(),
                start.command(),
                start.shell(),
                cwd,
                start.user(),
                start.background(),
                Micros.now(clock),
                null,
                none,
                none));
    synchronized (this) {
      forget(child.pid());
      kept.put(child.pid(), new Kept(live, 0));
    }
    preferAsVictim(child.pid());
    Log.debug("process started", "pid", child.pid(), "cmd", start.command());
    watchers.publish(live.started());
    return live;
  }

  /** When memory is short, the kernel shall take a process and not the supervisor. */
  private static void preferAsVictim(long pid) {
    try {
      Files.write(
          Path.of("/proc/" + pid + "/oom_score_adj"), "500".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // It has ended already, or the engine does not allow it: it runs all the same.
      return;
    }
  }

  /** Writes the record of a process that runs, for whoever reads the disk of a lost sandbox. */
  void recordStart(LiveSource live) {
    synchronized (live.child()) {
      if (live.child().exit() == null) {
        write(live.with(null));
      }
    }
  }

  @Override
  public void record(Child child, ProcessInfo.Exit exit) {
    LiveSource live = live(child);
    if (live != null) {
      synchronized (child) {
        child.recorded();
        write(live.with(exit));
      }
    }
  }

  @Override
  public void ended(Child child, ProcessInfo.Exit exit) {
    child.journal().finish();
    LiveSource live = live(child);
    if (live != null) {
      Log.debug("process ended", "pid", child.pid(), "code", exit.code(), "cause", exit.cause());
      watchers.publish(live.with(exit));
    }
  }

  @Override
  public void silent(Child child) {
    child.journal().close();
    LiveSource live = live(child);
    if (live == null) {
      return;
    }
    if (child.wroteSinceRecord()) {
      // A descendant has.
      write(live.process());
    }
    synchronized (this) {
      if (live(child) != null) {
        file(child.pid(), child.journal().size());
      }
    }
  }

  private void write(ProcessInfo info) {
    try {
      records.write(info);
    } catch (IOException e) {
      Log.error("a record cannot be written", "pid", info.pid(), "error", e);
    }
  }

  private synchronized @Nullable LiveSource live(Child child) {
    Kept found = kept.get(child.pid());
    LiveSource live = found == null ? null : found.live;
    return live != null && live.child() == child ? live : null;
  }

  /** Lists it among what is over, and forgets the oldest where that is too much. */
  private synchronized void file(long pid, long bytes) {
    kept.put(pid, new Kept(null, bytes));
    filed++;
    filedBytes += bytes;
    Iterator<Map.Entry<Long, Kept>> oldest = kept.entrySet().iterator();
    while ((filed > bounds.records || filedBytes > bounds.bytes) && oldest.hasNext()) {
      Map.Entry<Long, Kept> entry = oldest.next();
      if (entry.getValue().live == null && entry.getKey() != pid) {
        oldest.remove();
        dropped(entry.getKey(), entry.getValue());
      }
    }
  }

  private synchronized void forget(long pid) {
    Kept old = kept.remove(pid);
    if (old != null) {
      dropped(pid, old);
    }
  }

  private void dropped(long pid, Kept old) {
    if (old.live == null) {
      filed--;
      filedBytes -= old.bytes;
    } else {
      old.live.child().journal().forget();
    }
    records.delete(pid);
  }

  /** One process, wherever it is. */
  Source find(long pid) throws RefusedException {
    synchronized (this) {
      Kept found = kept.get(pid);
      if (found == null) {
        throw RefusedException.noSuchProcess(pid);
      }
      if (found.live != null) {
        return found.live;
      }
    }
    try {
      return new FiledSource(records.directory(pid), records.read(pid));
    } catch (IOException e) {
      Log.warn("a record cannot be read", "pid", pid, "error", e);
      throw RefusedException.noSuchProcess(pid);
    }
  }

  /** The pids of all, oldest first. */
  synchronized List<Long> pids() {
    return new ArrayList<>(kept.keySet());
  }

  /** Those that run. */
  synchronized List<LiveSource> running() {
    List<LiveSource> running = new ArrayList<>();
    for (Kept entry : kept.values()) {
      if (entry.live != null && !entry.live.ended()) {
        running.add(entry.live);
      }
    }
    return running;
  }
}
