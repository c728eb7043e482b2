package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.Launch;
import dev.caisson.supervisor.child.Termination;
import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * The starter of the processes of requests: once where a key says so, under a name that is free.
 */
public final class Starter {
  private final Launches launches;
  private final ProcessNames names;
  private final RepeatedStarts repeatedStarts;
  private final ProcessRegistry registry;
  private final ProcessLifecycle processes;
  private final ProcessMonitor monitor;
  private volatile boolean closed;

  public Starter(
      Launches launches,
      ProcessNames names,
      RepeatedStarts repeatedStarts,
      ProcessRegistry registry,
      DeferredStartRecords deferredRecords,
      ProcessLifecycle processes,
      Termination termination) {
    this.launches = launches;
    this.names = names;
    this.repeatedStarts = repeatedStarts;
    this.registry = registry;
    this.processes = processes;
    this.monitor = new ProcessMonitor(deferredRecords, processes, termination, this::attempt);
  }

  /** Stops all starts and restarts from here on: the sandbox ends. */
  public void close() {
    closed = true;
    registry.sequences().forEach(RestartSequence::stop);
  }

  /**
   * The answer to a request to start.
   *
   * @param info as it was at its start, or, of what was started before, as it is
   */
  public record Started(Source source, ProcessInfo info) {}

  /** Starts a process, or finds the one that was started under the same key. */
  public Started start(Request.Start start) throws RefusedException, InterruptedException {
    ReadinessProbe.check(start.readiness());
    Request.Once once = start.once();
    return once == null ? begin(new RestartSequence(start, names)) : startOnce(start, once);
  }

  private Started startOnce(Request.Start start, Request.Once once)
      throws RefusedException, InterruptedException {
    while (true) {
      RestartSequence found = repeatedStarts.take(once);
      if (found == null) {
        RestartSequence sequence = new RestartSequence(start, names);
        boolean begun = false;
        try {
          Started started = begin(sequence);
          begun = true;
          return started;
        } finally {
          repeatedStarts.started(once, begun ? sequence : null);
        }
      }
      if (registry.sequence(found.pid()) == found) {
        Source source = registry.find(found.pid());
        return new Started(source, source.requireProcess());
      }
      // Forgotten between the two looks.
      repeatedStarts.forget(found);
    }
  }

  private Started begin(RestartSequence sequence) throws RefusedException {
    sequence.claim();
    boolean begun = false;
    try {
      RunningProcess live = attempt(sequence);
      begun = true;
      return new Started(live, live.started());
    } finally {
      if (!begun) {
        sequence.abandon();
      }
    }
  }

  private RunningProcess attempt(RestartSequence sequence) throws RefusedException {
    Request.@Nullable Start start = sequence.start();
    if (closed || start == null) {
      throw new RefusedException(RefusalCode.ESHUTDOWN, "the sandbox is being ended");
    }
    Launch launch = launches.of(start);
    try {
      RunningProcess live = processes.start(launch, start, sequence);
      monitor.watch(live, start);
      return live;
    } catch (SystemException e) {
      throw Launches.refused(start, launch, e);
    }
  }
}
