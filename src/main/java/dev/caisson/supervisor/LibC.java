package dev.caisson.supervisor;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * System calls through the C library. An instance belongs to one thread at a time: it holds the
 * {@code errno} of its last call.
 *
 * <p>Every call goes through one handle of six integers: on x86-64 and arm64 numbers and addresses
 * travel in the same registers and surplus ones are ignored. One shape instead of twenty is 20 ms
 * less at the start of every sandbox.
 */
final class LibC {
  static final int EPOLL_IN = 1;
  static final int EPOLL_OUT = 4;
  static final int EPOLL_ONESHOT = 1 << 30;

  /** The kernel packs {@code epoll_event} on x86-64 only. */
  private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));

  static final int EPOLL_EVENT_SIZE = PACKED ? 12 : 16;
  private static final int EPOLL_DATA = PACKED ? 4 : 8;

  private static final int O_CLOEXEC = 0x80000;
  private static final int O_NONBLOCK = 0x800;
  private static final int F_SETFL = 4;
  private static final int FIONREAD = 0x541B;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int P_ALL = 0;
  private static final int P_PID = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;

  private static final Linker LINKER = Linker.nativeLinker();

  @SuppressWarnings("restricted")
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.captureCallState("errno"));

  private static final MemorySegment ACCESS = function("access");
  private static final MemorySegment CLOSE = function("close");
  private static final MemorySegment EPOLL_CREATE = function("epoll_create1");
  private static final MemorySegment EPOLL_CTL = function("epoll_ctl");
  private static final MemorySegment EPOLL_WAIT = function("epoll_wait");
  private static final MemorySegment FCNTL = function("fcntl");
  private static final MemorySegment FDATASYNC = function("fdatasync");
  private static final MemorySegment IOCTL = function("ioctl");
  private static final MemorySegment KILL = function("kill");
  private static final MemorySegment MKDIR = function("mkdir");
  private static final MemorySegment PIPE = function("pipe2");
  private static final MemorySegment PRCTL = function("prctl");
  private static final MemorySegment READ = function("read");
  private static final MemorySegment WAITID = function("waitid");
  private static final MemorySegment WRITE = function("write");

  private final MemorySegment state = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

  static MemorySegment function(String name) {
    return LINKER.defaultLookup().findOrThrow(name);
  }

  /** Calls a function; {@link #errno()} tells why where the result says that it failed. */
  long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) CALL.invokeExact(function, state, a, b, c, d, e, f);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  int errno() {
    return state.get(JAVA_INT, 0);
  }

  /** A pipe that no child inherits by accident. */
  Pipe pipe() throws SystemException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      check("pipe2", (int) call(PIPE, ends.address(), O_CLOEXEC, 0, 0, 0, 0));
      return new Pipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
    }
  }

  /** The two ends of a pipe. */
  record Pipe(int reading, int writing) {}

  void nonBlocking(int fd) throws SystemException {
    check("fcntl", (int) call(FCNTL, fd, F_SETFL, O_NONBLOCK, 0, 0, 0));
  }

  /** Reads at most so many bytes: the count, 0 at the end, -1 with {@link #errno()}. */
  int read(int fd, MemorySegment into, long offset, long length) {
    return (int) call(READ, fd, into.address() + offset, length, 0, 0, 0);
  }

  /** Writes at most so many bytes: the count, or -1 with {@link #errno()}. */
  int write(int fd, MemorySegment from, long offset, long length) {
    return (int) call(WRITE, fd, from.address() + offset, length, 0, 0, 0);
  }

  void close(int fd) {
    if (fd >= 0) {
      call(CLOSE, fd, 0, 0, 0, 0, 0);
    }
  }

  /** How many bytes a pipe holds. */
  int available(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      int result = (int) call(IOCTL, fd, FIONREAD, count.address(), 0, 0, 0);
      return result < 0 ? 0 : count.get(JAVA_INT, 0);
    }
  }

  void dataSync(int fd) throws SystemException {
    check("fdatasync", (int) call(FDATASYNC, fd, 0, 0, 0, 0, 0));
  }

  int epollCreate() throws SystemException {
    return check("epoll_create1", (int) call(EPOLL_CREATE, O_CLOEXEC, 0, 0, 0, 0, 0));
  }

  void epollAdd(int epoll, int fd, int events, long data) throws SystemException {
    epollSet(EPOLL_CTL_ADD, epoll, fd, events, data);
  }

  void epollModify(int epoll, int fd, int events, long data) throws SystemException {
    epollSet(EPOLL_CTL_MOD, epoll, fd, events, data);
  }

  private void epollSet(int operation, int epoll, int fd, int events, long data)
      throws SystemException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(16, 8);
      event.set(JAVA_INT, 0, events);
      event.set(JAVA_LONG.withByteAlignment(4), EPOLL_DATA, data);
      check("epoll_ctl", (int) call(EPOLL_CTL, epoll, operation, fd, event.address(), 0, 0));
    }
  }

  void epollRemove(int epoll, int fd) {
    call(EPOLL_CTL, epoll, EPOLL_CTL_DEL, fd, 0, 0, 0);
  }

  /** Waits for events: their count, or -1 with {@link #errno()}. */
  int epollWait(int epoll, MemorySegment events, int count) {
    return (int) call(EPOLL_WAIT, epoll, events.address(), count, -1, 0, 0);
  }

  static long epollData(MemorySegment events, int index) {
    return events.get(JAVA_LONG.withByteAlignment(4), (long) index * EPOLL_EVENT_SIZE + EPOLL_DATA);
  }

  /** Waits until any child has ended and leaves it a zombie, so that its pid stays its own. */
  WaitStatus waitAny() throws SystemException {
    return waitid(P_ALL, 0, WEXITED | WNOWAIT);
  }

  /** Takes an ended child away. */
  void reap(long pid) throws SystemException {
    waitid(P_PID, pid, WEXITED);
  }

  private WaitStatus waitid(int type, long id, int options) throws SystemException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(128, 8);
      check("waitid", (int) call(WAITID, type, id, info.address(), options, 0, 0));
      return new WaitStatus(info.get(JAVA_INT, 16), info.get(JAVA_INT, 8), info.get(JAVA_INT, 24));
    }
  }

  /**
   * What {@code waitid} says of a child.
   *
   * @param how 1 for an exit, 2 for a signal, 3 for a signal with a core dump
   * @param status the exit code or the signal's number
   */
  record WaitStatus(long pid, int how, int status) {
    boolean signaled() {
      return how != 1;
    }
  }

  /** Sends a signal; whether there was anybody to get it. A negative pid is a process group. */
  boolean kill(long pid, int signal) {
    return (int) call(KILL, pid, signal, 0, 0, 0, 0) == 0;
  }

  /** Lets daemonised descendants become children of this process instead of the init's. */
  void becomeSubreaper() throws SystemException {
    check("prctl", (int) call(PRCTL, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0, 0));
  }

  /** Whether a path is there (and executable): 0 or the errno. Unlike Path, takes any name. */
  int access(String path, boolean executable) {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(path, StandardCharsets.UTF_8).address();
      return (int) call(ACCESS, name, executable ? 1 : 0, 0, 0, 0, 0) == 0 ? 0 : errno();
    }
  }

  /** Makes a directory: 0 or the errno. */
  int makeDirectory(String path) {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(path, StandardCharsets.UTF_8).address();
      return (int) call(MKDIR, name, 0755, 0, 0, 0, 0) == 0 ? 0 : errno();
    }
  }

  private int check(String name, int result) throws SystemException {
    if (result < 0) {
      throw new SystemException(name, errno());
    }
    return result;
  }
}
