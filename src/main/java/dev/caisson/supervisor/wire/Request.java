package dev.caisson.supervisor.wire;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of the service to a supervisor. A connection carries one request at a time; each is
 * answered by one {@code A}, or by {@link Answer.Refused}; a {@link Stream} by any number of {@code
 * A}, then {@link Answer.Done}.
 *
 * @param <A> the answer
 */
public sealed interface Request<A extends Answer> extends Message
    permits Request.Stream,
        Request.Configure,
        Request.Claim,
        Request.Forget,
        Request.Start,
        Request.Describe,
        Request.Await,
        Request.Write,
        Request.Resize,
        Request.Signal,
        Request.End,
        Request.DescribeDaemon,
        Request.Daemon,
        Request.Shutdown,
        Request.DescribeActivity,
        Request.Dial,
        Request.Credentials,
        Request.ListListeners,
        Request.Introduce,
        Request.Prove,
        FileRequest {

  /**
   * Hands this to what answers it. A switch over patterns would do the same, but the virtual
   * machine generates a class for it when it is first reached, in every sandbox anew.
   */
  void answeredBy(RequestHandler handler)
      throws IOException, InterruptedException, RefusedException;

  /** Returns whether this can be answered before the sandbox is configured. */
  default boolean beforeConfigured() {
    return false;
  }

  /** A request that is answered by a sequence, ended by {@link Answer.Done}. */
  sealed interface Stream<A extends Answer> extends Request<A>
      permits Request.Run,
          Request.ListProcesses,
          Request.Follow,
          Request.Read,
          Request.Watch,
          FileRequest.Streamed {}

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
      implements Request<Answer.Done> {
    @Override
    public boolean beforeConfigured() {
      return true;
    }

    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Gives a sandbox that was configured and brought up in advance to the caller who asks for one:
   * its processes get this in the place of what it was configured with. Answered once in its life,
   * and only where nothing is known to have run; the answer tells how its daemon is.
   *
   * @param env the environment: the image's, then the sandbox's over it; never logged
   * @param workdir the default working directory, made if it is absent
   */
  record Claim(Map<String, String> env, String workdir) implements Request<DaemonStatus> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** Forgets all processes there were, their output too; refused while one runs. */
  record Forget() implements Request<Answer.Done> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * The plan for the sandbox's own Docker daemon.
   *
   * @param registryMirrors URLs handed to dockerd as {@code --registry-mirror}
   * @param insecureRegistries addresses handed to dockerd as {@code --insecure-registry}
   * @param mtu of the inner bridge, 0 for dockerd's own choice
   * @param bridgeAddress CIDR of the inner {@code docker0}, away from the outer networks
   * @param addressPool CIDR from which inner networks are taken, each a /24
   * @param muteMillis how long a daemon that has answered before may be silent, 0 for 30 s
   * @param startMillis how long one that has never answered may be, 0 for 5 minutes
   * @param diskBytes the limit of {@code /var/lib/docker}, 0 for none
   */
  record DockerPlan(
      List<String> registryMirrors,
      List<String> insecureRegistries,
      int mtu,
      @Nullable String bridgeAddress,
      @Nullable String addressPool,
      long muteMillis,
      long startMillis,
      long diskBytes) {

    /** Returns the builder of a plan. */
    public static DockerPlanBuilder builder() {
      return new DockerPlanBuilder();
    }
  }

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
   * @param name chosen by the caller, unique among the processes that run ({@code NAME_TAKEN})
   * @param terminal of this size, as its stdin, stdout and stderr; all its output is then stdout's
   * @param openInput whether more input may follow ({@link Write}), after {@code stdin} if any;
   *     always so with a terminal
   * @param readiness when it counts as ready; null: as soon as it runs
   * @param once by which a repeated request is known; it is answered with the latest attempt
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
      long journalBytes,
      @Nullable String name,
      @Nullable Terminal terminal,
      boolean openInput,
      @Nullable Limits limits,
      @Nullable RestartPolicy restart,
      @Nullable Readiness readiness,
      @Nullable Once once)
      implements Request<ProcessInfo> {

    /** Returns the builder of a start of this program with these arguments. */
    public static StartBuilder builder(List<String> command) {
      return new StartBuilder(command);
    }

    /** Returns the builder of a start of this program with these arguments. */
    public static StartBuilder builder(String... command) {
      return new StartBuilder(List.of(command));
    }

    /** Returns the builder of a start of {@code /bin/sh} with this line. */
    public static StartBuilder shellBuilder(String line) {
      return builder("/bin/sh", "-c", line).shell(true);
    }

    /** Returns a copy under a key of the caller's. */
    public Start under(Once key) {
      return new StartBuilder(this).once(key).build();
    }

    /** Returns a copy with another command line. */
    public Start with(List<String> line) {
      return new StartBuilder(this).command(line).build();
    }

    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** The size of a terminal, in characters. */
  record Terminal(int rows, int cols) {}

  /**
   * Limits of one process and, each for itself, of its descendants ({@code setrlimit}); 0 for none.
   *
   * @param memoryBytes of address space
   * @param cpuSeconds of processor time, then XCPU and, a second later, KILL
   * @param openFiles descriptors
   */
  record Limits(long memoryBytes, long cpuSeconds, long openFiles) {}

  /**
   * The policy by which a process is started again when it has ended: after 250 ms, then twice as
   * long each time up to 5 s, five times within 60 s at most; never after an end that was asked
   * for. Each attempt is a process of its own, linked to the one before.
   */
  enum RestartPolicy {
    NEVER,
    /** A restart after any end but exit code 0. */
    ON_FAILURE,
    ALWAYS
  }

  /**
   * The conditions under which a process counts as ready: all that are given must hold.
   *
   * @param port of the sandbox's loopback that accepts, 0 for none
   * @param http path that {@code port} answers with a status from 200 to 399
   * @param output regular expression that is found in its output, {@code ^} and {@code $} being
   *     lines; a match is found within 4 KiB, and may not take too long to be looked for
   * @param delayMillis after its start
   * @param timeoutMillis after which it counts as failed to become ready, 0 for 60 s
   */
  record Readiness(
      int port,
      @Nullable String http,
      @Nullable String output,
      long delayMillis,
      long timeoutMillis) {

    /** Returns the builder of a readiness. */
    public static ReadinessBuilder builder() {
      return new ReadinessBuilder();
    }
  }

  /**
   * A key that the caller made up for this start: while the process is kept, the same start under
   * the same key is answered with it and starts nothing.
   *
   * @param fingerprint of the request: another one under the same key is refused ({@code
   *     KEY_REUSED})
   */
  record Once(String key, String fingerprint) {}

  /**
   * Starts a process and waits for its end in one round trip: {@link ProcessInfo} when it runs,
   * then {@link Answer.Finished}. A caller that goes away changes nothing for the process.
   *
   * @param textBytes how much of each stream the answer carries at most
   */
  record Run(Start start, int textBytes) implements Stream<Answer> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** Lists the processes that run and those whose record is kept, oldest first. */
  record ListProcesses() implements Stream<ProcessInfo> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** Describes one process. */
  record Describe(long pid) implements Request<ProcessInfo> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Waits for the end of a process, or for the time to be over, and carries the first bytes of its
   * output as {@link Run} does.
   *
   * @param ready whether to wait no longer than until it is ready, or cannot become so any more
   */
  record Await(long pid, long timeoutMillis, int textBytes, boolean ready)
      implements Request<Answer.Finished> {

    /** Creates a request that waits for the end. */
    public Await(long pid, long timeoutMillis, int textBytes) {
      this(pid, timeoutMillis, textBytes, false);
    }

    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Gives a process more input; answered when the pipe or terminal has taken it.
   *
   * @param offset of the first byte in all of its input, so that a repeated request gives nothing
   *     twice: what was given already is skipped, a gap is refused ({@code INPUT_GAP}); -1 for
   *     wherever it stands
   * @param close whether that was all: a pipe is closed, a terminal is given its end-of-file
   *     character
   * @param timeoutMillis after which it is refused ({@code INPUT_FULL}) with what it has taken
   *     until then, 0 for never
   */
  record Write(long pid, long offset, byte[] bytes, boolean close, long timeoutMillis)
      implements Request<Answer.Written> {

    /** Creates a request that waits for as long as it takes. */
    public Write(long pid, long offset, byte[] bytes, boolean close) {
      this(pid, offset, bytes, close, 0);
    }

    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** Changes the size of a process's terminal; WINCH tells the programs that run in it. */
  record Resize(long pid, Terminal terminal) implements Request<ProcessInfo> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Reads both streams in the order in which they came: {@link Answer.Output}, {@link Answer.Gap}
   * and, when the process has ended, {@link Answer.Finished} (without text) as the last before
   * {@link Answer.Done}.
   *
   * @param journal a pid in decimal, or a unit ({@code dockerd}, {@code containerd})
   * @param after the seq after which to begin, 0 for the first that is kept
   * @param follow whether to wait for what is still to come
   */
  record Follow(String journal, long after, boolean follow) implements Stream<Answer> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Reads the raw bytes of one stream: {@link Answer.Bytes}, each with its offset (which jumps
   * where bytes were dropped).
   *
   * @param offset of the first byte wanted, counted from the first byte ever written
   * @param length how many at most, -1 for all
   */
  record Read(String journal, StreamName stream, long offset, long length, boolean follow)
      implements Stream<Answer.Bytes> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** Sends a signal (a name such as {@code TERM}) to the whole process group. */
  record Signal(long pid, String signal) implements Request<ProcessInfo> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Ends a process and its whole group: TERM (with a terminal HUP, too), then KILL after the grace.
   * Answered when it has ended, and is not started again.
   *
   * @param tree whether descendants that have left its group and session are ended too
   */
  record End(long pid, long graceMillis, boolean tree) implements Request<ProcessInfo> {

    /** Creates a request that ends the group. */
    public End(long pid, long graceMillis) {
      this(pid, graceMillis, false);
    }

    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** Describes the Docker daemon. */
  record DescribeDaemon() implements Request<DaemonStatus> {
    @Override
    public boolean beforeConfigured() {
      return true;
    }

    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** Sets the wanted state of the Docker daemon; answered with the state that follows from it. */
  record Daemon(DaemonCommand command) implements Request<DaemonStatus> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** The commands to the daemon. */
  enum DaemonCommand {
    START,
    STOP,
    RESTART
  }

  /**
   * Watches the sandbox: the daemon's status at once and whenever it changes, every process when it
   * starts and when it ends. Never done by itself.
   */
  record Watch() implements Stream<Answer> {
    @Override
    public boolean beforeConfigured() {
      return true;
    }

    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Ends everything in order: processes get TERM, inner containers their stop, daemons TERM; what
   * is left after the grace gets KILL. Answered when nothing is left.
   */
  record Shutdown(long graceMillis) implements Request<Answer.Done> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Opens a byte stream to something that listens in the sandbox. After {@link Answer.Dialled} the
   * connection carries its bytes and no message any more: both ways, each with an end of its own.
   * After a refusal (a system error's name) it is closed.
   *
   * @param path of a unix socket, or null for a port
   * @param host numeric address, or null for the loopback, IPv4's before IPv6's
   * @param port 0 with a path
   * @param timeoutMillis for the connection to be made
   */
  record Dial(@Nullable String path, @Nullable String host, int port, long timeoutMillis)
      implements Request<Answer.Dialled> {

    /** Creates a request for a unix socket, which connects at once or not at all. */
    public static Dial socket(String path) {
      return new Dial(path, null, 0, 0);
    }

    /** Creates a request for a port of the loopback. */
    public static Dial port(int port, long timeoutMillis) {
      return new Dial(null, null, port, timeoutMillis);
    }

    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** Says what goes on in the sandbox, for its ttl. */
  record DescribeActivity() implements Request<Answer.Activity> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Hands the credentials of image registries to the sandbox, in the place of all that were handed
   * to it before. They are kept in memory alone.
   */
  record Credentials(List<Credential> credentials) implements Request<Answer.Done> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** A registry's user and secret, for pulls and pushes; the secret is never logged. */
  record Credential(String registry, String username, String secret) {

    @Override
    public String toString() {
      return "Credential[registry=" + registry + "]";
    }
  }

  /**
   * Gives the supervisor the word by which it is known again; the first that is given counts, an
   * equal one is accepted again, any other is refused ({@code EEXIST}).
   *
   * @param word 32 random bytes; never logged
   */
  record Introduce(byte[] word) implements Request<Answer.Done> {

    @Override
    public String toString() {
      return "Introduce[]";
    }

    @Override
    public boolean beforeConfigured() {
      return true;
    }

    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Asks for a proof that the supervisor has the word, which does not tell it.
   *
   * @param nonce 32 random bytes, never used before
   */
  record Prove(byte[] nonce) implements Request<Answer.Proof> {
    @Override
    public boolean beforeConfigured() {
      return true;
    }

    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** Lists what listens on a port of the sandbox, the supervisor's own and the daemon's not. */
  record ListListeners() implements Request<Answer.Listeners> {
    @Override
    public void answeredBy(RequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }
}
