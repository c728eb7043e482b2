package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.child.Child;
import dev.caisson.supervisor.child.ChildListener;
import dev.caisson.supervisor.child.Children;
import dev.caisson.supervisor.child.Launch;
import dev.caisson.supervisor.child.ProcessTag;
import dev.caisson.supervisor.journal.Journal;
import dev.caisson.supervisor.journal.JournalReader;
import dev.caisson.supervisor.journal.Records;
import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.SignalName;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Units as children like any other, each name with one journal for all its runs. */
public final class ProcessUnits implements Units {
  private static final long JOURNAL_BOUND = 16L << 20;

  /** The number of pieces at a journal's end that hold the lines which explain a failure. */
  private static final int TAIL_PIECES = 256;

  private static final int TAIL_BYTES = 64 << 10;

  private final Children children;
  private final Records records;
  private final Clock clock;
  private final Map<String, Journal> journals = new HashMap<>();
  private final Map<String, Child> running = new HashMap<>();

  public ProcessUnits(Children children, Records records, Clock clock) {
    this.children = children;
    this.records = records;
    this.clock = clock;
  }

  public static boolean isUnit(String key) {
    return key.equals(CONTAINERD) || key.equals(DOCKERD);
  }

  @Override
  public long start(Unit unit, Ended ended) throws UnitRefusedException {
    Journal journal = journal(unit.name());
    String program = unit.command().getFirst();
    Launch launch = Launch.plain(unit.command(), unit.env(), "/");
    try {
      return children
          .spawn(
              launch,
              ProcessTag.next(true),
              null,
              pid -> journal,
              child -> begun(child, unit.name(), ended))
          .child
          .pid();
    } catch (SystemException e) {
      throw new UnitRefusedException(
          e.code(), "cannot start " + program + ": " + Errno.text(e.errno()));
    }
  }

  private UnitRun begun(Child child, String name, Ended ended) {
    synchronized (this) {
      running.put(name, child);
    }
    Log.debug("unit started", "unit", name, "pid", child.pid());
    return new UnitRun(name, child, ended);
  }

  @Override
  public boolean signal(String name, String signal) {
    Child child;
    synchronized (this) {
      child = running.get(name);
    }
    try {
      return child != null && child.signal(new LibC(), SignalName.number(signal), false);
    } catch (RefusedException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public long position(String name) {
    return journal(name).lastSeq();
  }

  @Override
  public String tail(String name, int lines, long after) {
    Journal journal = journal(name);
    long last = journal.lastSeq();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JournalReader reader =
        JournalReader.after(journal.directory(), Math.max(after, last - TAIL_PIECES))) {
      for (Answer.Simple next = reader.next(); next != null; next = reader.next()) {
        if (next instanceof Answer.Output piece) {
          if (text.size() > TAIL_BYTES) {
            byte[] all = text.toByteArray();
            text.reset();
            text.write(all, all.length - TAIL_BYTES / 2, TAIL_BYTES / 2);
          }
          text.write(piece.bytes(), 0, piece.bytes().length);
          if (piece.seq() >= last) {
            break;
          }
        }
      }
    } catch (IOException e) {
      Log.warn("a unit's journal cannot be read", "unit", name, "error", e);
    }
    List<String> all = text.toString(StandardCharsets.UTF_8).lines().toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }

  /** Returns the unit's journal, which goes on where an earlier supervisor left it. */
  public synchronized Journal journal(String name) {
    return journals.computeIfAbsent(name, this::open);
  }

  private Journal open(String name) {
    try {
      return Journal.resumed(records.directory(name), JOURNAL_BOUND, clock);
    } catch (IOException e) {
      Log.warn("a unit's journal cannot be gone on with", "unit", name, "error", e);
      return new Journal(records.directory(name), JOURNAL_BOUND, clock);
    }
  }

  /** A unit that runs: passes its end on to its keeper. */
  private final class UnitRun implements ChildListener {
    private final String name;
    private final Child child;
    private final Ended ended;

    UnitRun(String name, Child child, Ended ended) {
      this.name = name;
      this.child = child;
      this.ended = ended;
    }

    @Override
    public void record(ProcessInfo.Exit exit) {
      // The keeper's status has it.
    }

    @Override
    public void ended(ProcessInfo.Exit exit) {
      synchronized (ProcessUnits.this) {
        running.remove(name, child);
      }
      Log.debug("unit ended", "unit", name, "pid", child.pid(), "code", exit.code());
      ended.ended(child.pid(), exit);
    }

    @Override
    public void silent() {
      if (find(name) == null) {
        child.journal().close();
      }
    }
  }

  private synchronized @Nullable Child find(String name) {
    return running.get(name);
  }
}
