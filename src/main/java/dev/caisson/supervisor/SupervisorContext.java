package dev.caisson.supervisor;

import dev.caisson.supervisor.child.Children;
import dev.caisson.supervisor.child.OomCounter;
import dev.caisson.supervisor.child.Pump;
import dev.caisson.supervisor.child.Termination;
import dev.caisson.supervisor.credential.CredentialHelper;
import dev.caisson.supervisor.credential.CredentialStore;
import dev.caisson.supervisor.daemon.Docker;
import dev.caisson.supervisor.daemon.ProcessUnits;
import dev.caisson.supervisor.daemon.RunContainers;
import dev.caisson.supervisor.daemon.UnitSource;
import dev.caisson.supervisor.daemon.Units;
import dev.caisson.supervisor.journal.Records;
import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.peer.Ears;
import dev.caisson.supervisor.peer.Watchers;
import dev.caisson.supervisor.process.Configuration;
import dev.caisson.supervisor.process.DeferredStartRecords;
import dev.caisson.supervisor.process.Launches;
import dev.caisson.supervisor.process.ProcessEnvironment;
import dev.caisson.supervisor.process.ProcessLifecycle;
import dev.caisson.supervisor.process.ProcessNames;
import dev.caisson.supervisor.process.ProcessRegistry;
import dev.caisson.supervisor.process.RepeatedStarts;
import dev.caisson.supervisor.process.RunningProcess;
import dev.caisson.supervisor.process.Starter;
import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.system.Descendants;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.system.Users;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** The parts of the supervisor, assembled: everything that it keeps of its sandbox. */
final class SupervisorContext {
  /** One for the news that a service watches, and some for its requests to start. */
  private static final int EARS = 4;

  private final SupervisorSettings settings;
  private final String version;
  private final Word word = new Word();
  private final Configuration configuration = new Configuration();
  private final Watchers watchers = new Watchers();
  private final Ears ears = new Ears(EARS);
  private final Children children;
  private final ProcessRegistry registry;
  private final ProcessLifecycle processes;
  private final ProcessUnits units;
  private final Termination termination;
  private final Starter starter;
  private final Docker docker;
  private final CredentialStore credentials = new CredentialStore();
  private final Shutdown shutdown;

  SupervisorContext(SupervisorSettings settings, Clock clock) throws IOException, SystemException {
    this.settings = settings;
    this.version = version(settings.kit());
    Pump pump = new Pump();
    Records records = new Records(settings.state());
    children = new Children(pump, new OomCounter(), clock);
    RepeatedStarts repeatedStarts = new RepeatedStarts();
    registry = new ProcessRegistry(records, repeatedStarts, ProcessRegistry.Bounds.DEFAULT);
    RunContainers containers =
        new RunContainers(DaemonLayout.SANDBOX, clock, Thread.ofVirtual()::start);
    processes =
        new ProcessLifecycle(children, records, registry, watchers, containers::ended, clock);
    units = new ProcessUnits(children, records, clock);
    termination = new Termination(children);
    Launches launches =
        new Launches(
            configuration,
            new Users(Path.of("/etc/passwd"), Path.of("/etc/group")),
            new ProcessEnvironment(System.getenv(), settings.kit().toString()),
            settings.kit().toString());
    DeferredStartRecords deferredRecords = new DeferredStartRecords();
    starter =
        new Starter(
            launches,
            new ProcessNames(),
            repeatedStarts,
            registry,
            deferredRecords,
            processes,
            termination);
    docker =
        new Docker(
            units,
            status -> {
              watchers.publish(status);
              if (status.state() == DaemonStatus.State.READY) {
                containers.daemonIsReady();
              }
            },
            failure -> watchers.publish(new Answer.ProbeFailed(failure)),
            clock);
    shutdown = new Shutdown(starter, registry, children, docker);
    processes.adopt();
    adoptOrphans();
    begin("pump", pump);
    begin("reaper", children);
    begin("deferredRecords", deferredRecords);
  }

  private static void adoptOrphans() {
    try {
      new LibC().becomeSubreaper();
    } catch (SystemException e) {
      // gVisor of 2022 does not know it: they become children of the init, which reaps them too.
      Log.warn("orphans are left to the init", "error", e);
    }
  }

  /**
   * Begins a task in a thread of its own: it waits in the kernel, or for a moment again and again.
   */
  private static void begin(String name, Runnable task) {
    Thread.ofPlatform().name(name).daemon().start(task);
  }

  private static String version(Path kit) {
    try {
      return Files.readString(kit.resolve("version")).trim();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** Counts what runs in the sandbox: of inner containers, the shim that lives as long as each. */
  Answer.Activity activity() {
    return new Answer.Activity(registry.running().size(), Descendants.named("containerd-shim"));
  }

  Answer.Greeting greeting() {
    return new Answer.Greeting(
        Connection.PROTOCOL,
        settings.sandbox(),
        version,
        configuration.isSet(),
        true,
        Connection.REVISION);
  }

  Word word() {
    return word;
  }

  void configure(Request.Configure request) throws RefusedException {
    if (configuration.accept(request) && request.docker() != null) {
      CredentialHelper.prepare(DaemonLayout.SANDBOX, credentials);
      docker.begin(request, request.docker());
    }
  }

  /** Gives the sandbox to the caller that claims it; returns how its daemon is. */
  DaemonStatus claim(Request.Claim request) throws RefusedException {
    if (!registry.pids().isEmpty()) {
      throw new RefusedException(RefusalCode.EEXIST, "the sandbox has been used already");
    }
    configuration.claim(request);
    return docker.status();
  }

  /** Finds the journal of a process, by its pid, or of a unit, by its name. */
  Source find(String key) throws RefusedException {
    if (ProcessUnits.isUnit(key)) {
      if (!docker.isEnabled()) {
        throw new RefusedException(
            RefusalCode.DOCKER_DISABLED, "this sandbox was created without Docker");
      }
      return new UnitSource(units.journal(key));
    }
    if (!key.matches("[0-9]{1,18}")) {
      throw RefusedException.noSuchProcess(key);
    }
    return find(Long.parseLong(key));
  }

  Source find(long pid) throws RefusedException {
    return registry.find(pid);
  }

  Units units() {
    return units;
  }

  Configuration configuration() {
    return configuration;
  }

  Ears ears() {
    return ears;
  }

  Watchers watchers() {
    return watchers;
  }

  ProcessRegistry registry() {
    return registry;
  }

  /** Writes the record of an ended process again, since what comes of it has changed. */
  void rewrite(RunningProcess live) {
    processes.rewrite(live);
  }

  Termination termination() {
    return termination;
  }

  Starter starter() {
    return starter;
  }

  CredentialStore credentials() {
    return credentials;
  }

  Docker docker() {
    return docker;
  }

  Shutdown shutdown() {
    return shutdown;
  }
}
