package dev.caisson.lifecycle;

import dev.caisson.lifecycle.Crashes.Step;
import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.KnownProcesses;
import dev.caisson.sandbox.SandboxHistory;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.Supervisors;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of one sandbox: what its processes left is archived, then nothing of it is left on the
 * engine. It is done in steps; what failed is tried again, what was done is not. Only the container
 * must go: any other step that fails again and again, or has crashed the service, is left out, and
 * the record says so.
 */
final class SandboxEnding {
  private static final Logger log = LoggerFactory.getLogger(SandboxEnding.class);

  /**
   * The failures of a step after which it is left out: what could be taken by then must do, since a
   * container must not stay because of its output.
   */
  private static final int TRIES = 3;

  /**
   * The failures of the state's removal after which it is left out: a volume can be in use for a
   * while. What is left is removed when the engine is next looked at.
   */
  private static final int STATE_TRIES = 6;

  /** The path under which the supervisor keeps its records in every sandbox. */
  private static final String PROCESSES = "/var/lib/caisson/processes";

  private final Engine engine;
  private final Supervisors supervisors;
  private final History history;
  private final SandboxHistory logbook;
  private final Crashes crashes;
  private final MeterRegistry meters;
  private final SandboxId id;
  private final Set<Step> over = EnumSet.noneOf(Step.class);
  private final Map<Step, Integer> tries = new EnumMap<>(Step.class);
  private final List<String> notes = new ArrayList<>();
  private @Nullable String found;
  private volatile @Nullable Step at;
  private volatile @Nullable String trouble;
  private volatile boolean closed;

  SandboxEnding(
      Engine engine,
      Supervisors supervisors,
      History history,
      SandboxHistory logbook,
      Crashes crashes,
      MeterRegistry meters,
      SandboxId id) {
    this.engine = engine;
    this.supervisors = supervisors;
    this.history = history;
    this.logbook = logbook;
    this.crashes = crashes;
    this.meters = meters;
    this.id = id;
  }

  /** The work of a step, which may throw anything. */
  private interface Work {
    void run() throws IOException;
  }

  /**
   * Runs the steps that are not done yet, and returns whether all are; if not, it is to be called
   * again.
   *
   * @param container null if none was made, as far as is known
   * @param reason why the sandbox ended, and its processes with it
   */
  boolean cleanUp(@Nullable String container, EndReason reason) {
    if (container != null) {
      found = container;
    } else if (!isOver(Step.SEARCH, Integer.MAX_VALUE, () -> found = search())) {
      return false;
    }
    String made = found;
    boolean gone =
        made == null
            || (isOver(Step.ARCHIVE, TRIES, () -> archive(made))
                && isOver(Step.TELL, TRIES, () -> tellOfTheirEnds(reason))
                && isOver(Step.REMOVE, Integer.MAX_VALUE, () -> engine.remove(made)));
    boolean done =
        gone
            && isOver(Step.STATE, STATE_TRIES, () -> engine.removeState(id))
            && isOver(Step.SOCKET, TRIES, () -> supervisors.forget(id));
    if (done && !crashes.isTooMany(Step.REMOVE)) {
      crashes.forget();
    }
    return done;
  }

  /** Returns the steps that were left out, and why, for the sandbox's record. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * Returns the step at work and what went wrong with it, in words for people; null before and
   * after.
   */
  @Nullable String progress() {
    Step now = at;
    String wrong = trouble;
    return now == null
        ? null
        : "its end is at work: " + now.words() + (wrong == null ? "" : "; " + wrong);
  }

  /**
   * Ends the work on behalf of a service that stops, in order; the next start of the service goes
   * on with it.
   */
  synchronized void close() {
    closed = true;
    Step now = at;
    if (now != null) {
      crashes.takeBack(now);
    }
  }

  private synchronized boolean begin(Step step) {
    if (closed) {
      return false;
    }
    crashes.begin(step);
    at = step;
    return true;
  }

  private synchronized void returned(Step step) {
    if (!closed) {
      crashes.end(step);
    }
  }

  private boolean isOver(Step step, int most, Work work) {
    if (over.contains(step)) {
      return true;
    }
    if (crashes.isTooMany(step)) {
      leaveOut(step, "the service crashed in it " + Crashes.MOST + " times");
      return true;
    }
    if (!begin(step)) {
      return false;
    }
    try {
      work.run();
    } catch (IOException | RuntimeException | Error e) {
      return hasFailed(step, most, e);
    } finally {
      returned(step);
    }
    at = null;
    trouble = null;
    over.add(step);
    return true;
  }

  /**
   * Counts a failure of a step, and returns whether the step is left out, having failed often
   * enough.
   */
  private boolean hasFailed(Step step, int most, Throwable e) {
    if (closed) {
      return false;
    }
    meters.counter("caisson.sandbox.cleanup.failures").increment();
    // A lost engine says nothing about the step, and comes back.
    int failed =
        e instanceof EngineException.Unreachable
            ? tries.getOrDefault(step, 0)
            : tries.merge(step, 1, Integer::sum);
    trouble = "it failed and is tried again: " + e.getMessage();
    if (failed < most) {
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("step", step)
          .addKeyValue("error", e.getMessage())
          .log("sandbox could not be cleaned up, will be tried again");
      return false;
    }
    log.atDebug().addKeyValue("sandbox", id).addKeyValue("step", step).setCause(e).log("given up");
    leaveOut(step, "it failed " + failed + " times, at last with: " + e.getMessage());
    return true;
  }

  private void leaveOut(Step step, String why) {
    log.atWarn()
        .addKeyValue("sandbox", id)
        .addKeyValue("step", step)
        .addKeyValue("error", why)
        .log("a step of its end is left out");
    notes.add(step.words() + " was left out: " + why);
    at = null;
    trouble = null;
    over.add(step);
    if (step == Step.ARCHIVE) {
      logbook.keepPart();
    }
  }

  /**
   * Searches the engine for the container, which an earlier run of the service may have made and
   * not come to record; null if there is none.
   */
  private @Nullable String search() {
    return engine.list().stream()
        .filter(each -> each.sandbox().equals(id))
        .map(Engine.Found::container)
        .findFirst()
        .orElse(null);
  }

  private void archive(String container) {
    try (InputStream tar = open(container)) {
      logbook.keep(tar);
    } catch (EngineException.Refused e) {
      if (e.status != 404) {
        throw e;
      }
      // It never ran a process, or its volume was removed by hand, too.
      log.atDebug()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("nothing to archive");
    } catch (IOException e) {
      throw new UncheckedIOException("its output cannot be archived: " + e.getMessage(), e);
    }
  }

  private InputStream open(String container) {
    try {
      return engine.read(container, PROCESSES);
    } catch (EngineException.Refused e) {
      if (e.status != 404) {
        throw e;
      }
      // Removed by other hands; its state has a volume of its own.
      return engine.readState(id, PROCESSES);
    }
  }

  /**
   * Records the ends of the processes from the archive: no watch was left when the last of them
   * ended, and records outlive the archive's bound.
   */
  private void tellOfTheirEnds(EndReason reason) {
    Supervisor archive =
        supervisors.archived(id, history.archived(id), KnownProcesses.none(reason));
    try (Answers<ProcessInfo> answers = archive.open(new Request.ListProcesses())) {
      for (ProcessInfo process = answers.next(); process != null; process = answers.next()) {
        logbook.saw(process);
      }
    }
  }
}
