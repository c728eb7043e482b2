package dev.caisson.supervisor.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the service asks of a supervisor. A connection carries one request at a time; each is
 * answered by one {@code A}, or by {@link Answer.Refused}; a {@link Stream} by any number of {@code
 * A}, then {@link Answer.Done}.
 *
 * @param <A> the answer
 */
public sealed interface Request<A extends Answer> extends Message {

  /** A request that is answered by a sequence, ended by {@link Answer.Done}. */
  sealed interface Stream<A extends Answer> extends Request<A> {}

  /**
   * Sets what every process of the sandbox starts with. Sent once, before anything else; an equal
   * one is accepted again, so that a service which does not know whether it was heard can repeat
   * it.
   *
   * @param env the environment: the image's, then the sandbox's over it; never logged
   * @param workdir the default working directory, made if it is absent
   * @param user the image's {@code USER}, or null for root
   * @param docker what the daemon keeper needs, or null where Docker is disabled
   */
  record Configure(
      Map<String, String> env, String workdir, @Nullable String user, @Nullable DockerPlan docker)
      implements Request<Answer.Done> {}

  /**
   * How the sandbox's own Docker daemon is to run.
   *
   * @param registryMirrors URLs handed to dockerd as {@code --registry-mirror}
   * @param insecureRegistries addresses handed to dockerd as {@code --insecure-registry}
   * @param mtu of the inner bridge, 0 for dockerd's own choice
   * @param bridgeAddress CIDR of the inner {@code docker0}, away from the outer networks
   * @param addressPool CIDR from which inner networks are taken, each a /24
   */
  record DockerPlan(
      List<String> registryMirrors,
      List<String> insecureRegistries,
      int mtu,
      @Nullable String bridgeAddress,
      @Nullable String addressPool) {}

  /**
   * Starts a process and answers at once.
   *
   * @param command program and arguments; the program is looked for on the process's own PATH
   * @param shell whether the caller gave a shell line, which {@code command} then runs
   * @param cwd null for the sandbox's default
   * @param env added to the sandbox's environment; never logged, never journalled
   * @param user {@code name}, {@code uid}, {@code uid:gid} or {@code name:group}; null for the
   *     sandbox's default
   * @param background what the caller asked for, remembered with the process
   * @param stdin all of the process's input, or null for none ({@code /dev/null})
   * @param timeoutMillis life of the whole group (TERM, then KILL), 0 for none
   * @param journalBytes bound of its journal, 0 for the supervisor's default
   */
  record Start(
      List<String> command,
      boolean shell,
      @Nullable String cwd,
      Map<String, String> env,
      @Nullable String user,
      boolean background,
      byte @Nullable [] stdin,
      long timeoutMillis,
      long journalBytes)
      implements Request<ProcessInfo> {}

  /**
   * Starts a process and waits for its end in one round trip: {@link ProcessInfo} when it runs,
   * then {@link Answer.Finished}. A caller that goes away changes nothing for the process.
   *
   * @param textBytes how much of each stream the answer carries at most
   */
  record Run(Start start, int textBytes) implements Stream<Answer> {}

  /** Lists the processes that run and those whose record is kept, oldest first. */
  record ListProcesses() implements Stream<ProcessInfo> {}

  /** Describes one process. */
  record Describe(long pid) implements Request<ProcessInfo> {}

  /**
   * Waits for the end of a process, or for the time to be over, and carries the first bytes of its
   * output as {@link Run} does.
   */
  record Await(long pid, long timeoutMillis, int textBytes) implements Request<Answer.Finished> {}

  /**
   * Reads both streams in the order in which they came: {@link Answer.Output}, {@link Answer.Gap}
   * and, when the process has ended, {@link Answer.Finished} (without text) as the last before
   * {@link Answer.Done}.
   *
   * @param journal a pid in decimal, or a unit ({@code dockerd}, {@code containerd})
   * @param after the seq after which to begin, 0 for the first that is kept
   * @param follow whether to wait for what is still to come
   */
  record Follow(String journal, long after, boolean follow) implements Stream<Answer> {}

  /**
   * Reads the raw bytes of one stream: {@link Answer.Bytes}, each with its offset (which jumps
   * where bytes were dropped).
   *
   * @param offset of the first byte wanted, counted from the first byte ever written
   * @param length how many at most, -1 for all
   */
  record Read(String journal, StreamName stream, long offset, long length, boolean follow)
      implements Stream<Answer.Bytes> {}

  /** Sends a signal (a name such as {@code TERM}) to the whole process group. */
  record Signal(long pid, String signal) implements Request<ProcessInfo> {}

  /**
   * Ends a process and its whole group: TERM, then KILL after the grace. Answered when it has
   * ended.
   */
  record End(long pid, long graceMillis) implements Request<ProcessInfo> {}

  /** Describes the Docker daemon. */
  record DescribeDaemon() implements Request<DaemonStatus> {}

  /** Sets the wanted state of the Docker daemon; answered with the state that follows from it. */
  record Daemon(DaemonCommand command) implements Request<DaemonStatus> {}

  /** What can be wanted of the daemon. */
  enum DaemonCommand {
    START,
    STOP,
    RESTART
  }

  /**
   * Watches the sandbox: the daemon's status at once and whenever it changes, every process when it
   * starts and when it ends. Never done by itself.
   */
  record Watch() implements Stream<Answer> {}

  /**
   * Ends everything in order: processes get TERM, inner containers their stop, daemons TERM; what
   * is left after the grace gets KILL. Answered when nothing is left.
   */
  record Shutdown(long graceMillis) implements Request<Answer.Done> {}

  /** Says what goes on in the sandbox, for its ttl. */
  record DescribeActivity() implements Request<Answer.Activity> {}
}
