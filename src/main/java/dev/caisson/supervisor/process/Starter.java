package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.Launch;
import dev.caisson.supervisor.child.Termination;
import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import org.jspecify.annotations.Nullable;

/** Starts what is asked for: once where a key says so, under a name that is free. */
public final class Starter {
  private final Launches launches;
  private final Names names;
  private final Onces onces;
  private final Roll roll;
  private final Processes processes;
  private final Attendance attendance;
  private volatile boolean closed;

  public Starter(
      Launches launches,
      Names names,
      Onces onces,
      Roll roll,
      Newborns newborns,
      Processes processes,
      Termination termination) {
    this.launches = launches;
    this.names = names;
    this.onces = onces;
    this.roll = roll;
    this.processes = processes;
    this.attendance = new Attendance(newborns, processes, termination, this::attempt);
  }

  /** Starts nothing from here on, and nothing again: the sandbox ends. */
  public void close() {
    closed = true;
    roll.chains().forEach(Chain::stop);
  }

  /**
   * What a request was answered with.
   *
   * @param info as it was at its start, or, of what was started before, as it is
   */
  public record Started(Source source, ProcessInfo info) {}

  /** Starts a process, or finds the one that was started under the same key. */
  public Started start(Request.Start start) throws RefusedException, InterruptedException {
    ReadinessProbe.check(start.readiness());
    Request.Once once = start.once();
    return once == null ? begin(new Chain(start, names)) : startOnce(start, once);
  }

  private Started startOnce(Request.Start start, Request.Once once)
      throws RefusedException, InterruptedException {
    while (true) {
      Chain found = onces.take(once);
      if (found == null) {
        Chain chain = new Chain(start, names);
        boolean begun = false;
        try {
          Started started = begin(chain);
          begun = true;
          return started;
        } finally {
          onces.started(once, begun ? chain : null);
        }
      }
      if (roll.chain(found.pid()) == found) {
        Source source = roll.find(found.pid());
        return new Started(source, source.requireProcess());
      }
      // Forgotten between the two looks.
      onces.forget(found);
    }
  }

  private Started begin(Chain chain) throws RefusedException {
    chain.claim();
    boolean begun = false;
    try {
      LiveSource live = attempt(chain);
      begun = true;
      return new Started(live, live.started());
    } finally {
      if (!begun) {
        chain.abandon();
      }
    }
  }

  private LiveSource attempt(Chain chain) throws RefusedException {
    Request.@Nullable Start start = chain.start();
    if (closed || start == null) {
      throw new RefusedException("ESHUTDOWN", "the sandbox is being ended");
    }
    Launch launch = launches.of(start);
    try {
      LiveSource live = processes.start(launch, start, chain);
      attendance.attend(live, start);
      return live;
    } catch (SystemException e) {
      throw Launches.refused(start, launch, e);
    }
  }
}
