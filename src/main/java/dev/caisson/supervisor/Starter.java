package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Makes processes of requests: who, where, with what, and why not. */
final class Starter {
  /** Whoever lives longer than this gets a record before its end. */
  private static final Duration SHORT_LIFE = Duration.ofMillis(50);

  private static final Duration TIMEOUT_GRACE = Duration.ofSeconds(5);

  private final Configuration configuration;
  private final Users users;
  private final Environment environment;
  private final Processes processes;
  private final Termination termination;
  private final String kit;
  private volatile boolean closed;

  Starter(
      Configuration configuration,
      Users users,
      Environment environment,
      Processes processes,
      Termination termination,
      String kit) {
    this.configuration = configuration;
    this.users = users;
    this.environment = environment;
    this.processes = processes;
    this.termination = termination;
    this.kit = kit;
  }

  /** Starts nothing from here on: the sandbox ends. */
  void close() {
    closed = true;
  }

  LiveSource start(Request.Start start) throws RefusedException {
    Request.Configure sandbox = configuration.get();
    if (closed) {
      throw new RefusedException("ESHUTDOWN", "the sandbox is being ended");
    }
    if (start.command().isEmpty()) {
      throw new RefusedException("EINVAL", "the command is empty");
    }
    String cwd = start.cwd() == null ? sandbox.workdir() : start.cwd();
    cwd = Programs.absolute(cwd, sandbox.workdir());
    Identity identity = users.resolve(start.user() == null ? sandbox.user() : start.user());
    Map<String, String> env =
        environment.of(sandbox.env(), start.env(), identity, sandbox.docker() != null);

    Programs programs = new Programs();
    programs.checkDirectory(cwd);
    String name = start.command().getFirst();
    String program = programs.find(name, env.getOrDefault("PATH", Environment.DEFAULT_PATH), cwd);
    Launch launch =
        new Launch(
            program,
            start.command(),
            env,
            cwd,
            identity.root() ? null : identity,
            start.stdin() != null);
    checkArguments(start.command());
    try {
      LiveSource live = processes.start(through(launch), start, cwd);
      attend(live, start.timeoutMillis());
      return live;
    } catch (SystemException e) {
      throw Programs.refused(name, program, cwd, e.errno());
    }
  }

  private static void checkArguments(List<String> command) throws RefusedException {
    for (String argument : command) {
      if (argument.contains("\0")) {
        throw new RefusedException("EINVAL", "an argument of the command has a zero byte");
      }
    }
  }

  private Launch through(Launch launch) throws RefusedException {
    String helper = kit + "/launch";
    if (launch.identity() != null && new LibC().access(helper, true) != 0) {
      throw new RefusedException(
          "UNSUPPORTED", "this sandbox's kit cannot switch users: " + helper + " is not there");
    }
    return launch.through(helper);
  }

  /** What a process needs beside it while it runs: its record, and an end when its time is over. */
  private void attend(LiveSource live, long timeoutMillis) {
    Thread.ofVirtual()
        .name("attendant-" + live.child().pid())
        .start(() -> attendNow(live, timeoutMillis));
  }

  private void attendNow(LiveSource live, long timeoutMillis) {
    try {
      Child child = live.child();
      long early = SHORT_LIFE.toMillis();
      if (timeoutMillis > 0 && timeoutMillis <= early) {
        early = timeoutMillis;
      }
      if (child.await(early) == null) {
        processes.recordStart(live);
        if (timeoutMillis > 0 && child.await(timeoutMillis - early) == null) {
          Log.info("process timed out", "pid", child.pid(), "after_ms", timeoutMillis);
          termination.end(child, ProcessInfo.Cause.TIMEOUT, TIMEOUT_GRACE);
        }
      }
    } catch (InterruptedException e) {
      Log.warn("an attendant was interrupted", "pid", live.child().pid());
    }
  }
}
