package dev.caisson.supervisor.peer;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The watchers of the sandbox; publishing to them never waits. */
public final class Watchers {
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  public Watcher add(DaemonStatus now) {
    Watcher watcher = new Watcher(now);
    watchers.add(watcher);
    return watcher;
  }

  public void remove(Watcher watcher) {
    watchers.remove(watcher);
  }

  public void publish(ProcessInfo process) {
    watchers.forEach(watcher -> watcher.tell(process));
  }

  public void publish(Answer.ProbeFailed failure) {
    watchers.forEach(watcher -> watcher.tell(failure));
  }

  public void publish(DaemonStatus daemon) {
    watchers.forEach(watcher -> watcher.tell(daemon));
  }
}
