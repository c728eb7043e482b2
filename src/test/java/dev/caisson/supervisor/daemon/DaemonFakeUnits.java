package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.wire.ProcessInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Units without processes: remembers what was asked, and ends what a test ends. */
final class DaemonFakeUnits implements Units {

  final List<String> log = new CopyOnWriteArrayList<>();
  final List<Unit> started = new ArrayList<>();
  final Map<String, String> tails = new ConcurrentHashMap<>();
  final Map<String, String> refused = new ConcurrentHashMap<>();

  /** Whether TERM is obeyed at once. */
  volatile boolean obedient;

  private final Map<String, Long> pids = new ConcurrentHashMap<>();
  private final Map<Long, Ended> listeners = new ConcurrentHashMap<>();
  private long lastPid = 10;

  @Override
  public synchronized long start(Unit unit, Ended ended) throws UnitRefusedException {
    String code = refused.get(unit.name());
    if (code != null) {
      throw new UnitRefusedException(code, "no");
    }
    started.add(unit);
    long pid = ++lastPid;
    log.add("start " + unit.name());
    pids.put(unit.name(), pid);
    listeners.put(pid, ended);
    return pid;
  }

  @Override
  public boolean signal(String name, String signal) {
    log.add(signal + " " + name);
    if (obedient && pids.containsKey(name)) {
      exit(name, 0);
    }
    return true;
  }

  @Override
  public long position(String name) {
    return 0;
  }

  @Override
  public String tail(String name, int lines, long after) {
    return tails.getOrDefault(name, "");
  }

  long pid(String name) {
    return pids.getOrDefault(name, 0L);
  }

  void kill(String name) {
    end(name, new ProcessInfo.Exit(137, "KILL", ProcessInfo.Cause.SIGNALED, 1));
  }

  void exit(String name, int code) {
    end(name, new ProcessInfo.Exit(code, null, ProcessInfo.Cause.EXITED, 1));
  }

  void end(String name, ProcessInfo.Exit exit) {
    Long pid = pids.remove(name);
    if (pid == null) {
      throw new IllegalStateException(name + " does not run");
    }
    Ended ended = listeners.remove(pid);
    if (ended != null) {
      ended.ended(pid, exit);
    }
  }
}
