package dev.caisson.supervisor.system;

import static dev.caisson.supervisor.system.OpenFlags.O_CLOEXEC;
import static dev.caisson.supervisor.system.OpenFlags.O_NONBLOCK;
import static dev.caisson.supervisor.system.Processor.ARM64;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * System calls through the C library. An instance belongs to one thread at a time: it holds the
 * {@code errno} of its last call.
 */
public final class LibC {
  public static final int EPOLLIN = 1;
  public static final int EPOLLOUT = 4;
  public static final int EPOLLONESHOT = 1 << 30;

  /** The kernel packs {@code epoll_event} on x86-64. */
  public static final int EPOLL_EVENT_SIZE = ARM64 ? 16 : 12;

  private static final int EPOLL_DATA = ARM64 ? 8 : 4;

  private static final int F_SETFL = 4;
  private static final int FIONREAD = 0x541B;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int P_ALL = 0;
  private static final int P_PID = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;

  private static final long ACCESS = function("access");
  private static final long CLOSE = function("close");
  private static final long EPOLL_CREATE = function("epoll_create1");
  private static final long EPOLL_CTL = function("epoll_ctl");
  private static final long EPOLL_WAIT = function("epoll_wait");
  private static final long FCNTL = function("fcntl");
  private static final long FDATASYNC = function("fdatasync");
  private static final long IOCTL = function("ioctl");
  private static final long KILL = function("kill");
  private static final long MKDIR = function("mkdir");
  private static final long PIPE = function("pipe2");
  private static final long PRCTL = function("prctl");
  private static final long PRLIMIT = function("prlimit");
  private static final long READ = function("read");
  private static final long WAITID = function("waitid");
  private static final long WRITE = function("write");

  private static final int ERRNO = 8;

  /**
   * The room for what calls fill in, in bytes: as much as {@code siginfo_t}, and more than any
   * other call of this class needs.
   */
  private static final int SCRATCH = 128;

  private static final int NAME = 256;

  private final Memory memory = new Memory(ERRNO + SCRATCH);
  private final long errno = memory.take(ERRNO);
  private final long result = memory.take(SCRATCH);
  private @Nullable Memory names;

  /** Returns the address of a function that every C library has. */
  public static long function(String name) {
    long address = NativeCalls.address(name);
    if (address == 0) {
      throw new IllegalStateException("the C library has no " + name);
    }
    return address;
  }

  /** Returns the address of a function that only a kit has; 0 where there is none. */
  public static long kitFunction(String name) {
    return NativeCalls.address(name);
  }

  /** Calls a function; {@link #errno()} tells why where the result says that it failed. */
  public long call(long function, long a) {
    return call(function, a, 0, 0, 0);
  }

  /** Calls a function of two arguments. */
  public long call(long function, long a, long b) {
    return call(function, a, b, 0, 0);
  }

  /** Calls a function of three arguments. */
  public long call(long function, long a, long b, long c) {
    return call(function, a, b, c, 0);
  }

  /** Calls a function of four arguments. */
  public long call(long function, long a, long b, long c, long d) {
    return call(function, a, b, c, d, 0, 0);
  }

  /** Calls a function of five arguments. */
  public long call(long function, long a, long b, long c, long d, long e) {
    return call(function, a, b, c, d, e, 0);
  }

  /** Calls a function of six arguments. */
  public long call(long function, long a, long b, long c, long d, long e, long f) {
    try {
      return NativeCalls.call(function, errno, a, b, c, d, e, f);
    } finally {
      // The memory must not be given back while the call writes into it.
      Reference.reachabilityFence(this);
    }
  }

  public int errno() {
    return memory.getInt(errno);
  }

  /** Opens a pipe that no child inherits by accident. */
  public Pipe pipe() throws SystemException {
    check("pipe2", (int) call(PIPE, result, O_CLOEXEC));
    return new Pipe(memory.getInt(result), memory.getInt(result + 4));
  }

  /** The two ends of a pipe. */
  public record Pipe(int reading, int writing) {}

  public void nonBlocking(int fd) throws SystemException {
    check("fcntl", (int) call(FCNTL, fd, F_SETFL, O_NONBLOCK));
  }

  /** Reads at most so many bytes: the count, 0 at the end, -1 with {@link #errno()}. */
  public int read(int fd, MemorySegment into, long offset, long length) {
    return (int) call(READ, fd, into.address() + offset, length);
  }

  /**
   * Reads at most so many bytes into a direct buffer, in this machine's memory: the count, 0 at the
   * end, -1 with {@link #errno()}.
   */
  public int read(int fd, ByteBuffer into, int offset, int length) {
    try {
      return (int) call(READ, fd, NativeCalls.address(into) + offset, length);
    } finally {
      Reference.reachabilityFence(into);
    }
  }

  /** Writes at most so many bytes: the count, or -1 with {@link #errno()}. */
  public int write(int fd, MemorySegment from, long offset, long length) {
    return (int) call(WRITE, fd, from.address() + offset, length);
  }

  public void close(int fd) {
    if (fd >= 0) {
      call(CLOSE, fd);
    }
  }

  /** Returns the number of bytes that a pipe holds now. */
  public int available(int fd) {
    return (int) call(IOCTL, fd, FIONREAD, result) < 0 ? 0 : memory.getInt(result);
  }

  void dataSync(int fd) throws SystemException {
    check("fdatasync", (int) call(FDATASYNC, fd));
  }

  public int epollCreate() throws SystemException {
    return check("epoll_create1", (int) call(EPOLL_CREATE, O_CLOEXEC));
  }

  public void epollAdd(int epoll, int fd, int events, long data) throws SystemException {
    epollSet(EPOLL_CTL_ADD, epoll, fd, events, data);
  }

  public void epollModify(int epoll, int fd, int events, long data) throws SystemException {
    epollSet(EPOLL_CTL_MOD, epoll, fd, events, data);
  }

  private void epollSet(int operation, int epoll, int fd, int events, long data)
      throws SystemException {
    memory.putInt(result, events);
    memory.putLong(result + EPOLL_DATA, data);
    check("epoll_ctl", (int) call(EPOLL_CTL, epoll, operation, fd, result));
  }

  public void epollRemove(int epoll, int fd) {
    call(EPOLL_CTL, epoll, EPOLL_CTL_DEL, fd, 0);
  }

  /** Waits for events: their count, or -1 with {@link #errno()}. */
  public int epollWait(int epoll, long events, int count) {
    return (int) call(EPOLL_WAIT, epoll, events, count, -1);
  }

  public static long epollData(Memory memory, long events, int index) {
    return memory.getLong(events + (long) index * EPOLL_EVENT_SIZE + EPOLL_DATA);
  }

  /** Sets a soft limit of this process, which its children inherit; returns whether it was set. */
  public boolean limit(int resource, long soft) {
    call(PRLIMIT, 0, resource, 0, result);
    memory.putLong(result, soft);
    return (int) call(PRLIMIT, 0, resource, result, 0) == 0;
  }

  /** Waits until any child has ended and leaves it a zombie, so that its pid stays its own. */
  public WaitStatus waitAny() throws SystemException {
    return waitid(P_ALL, 0, WEXITED | WNOWAIT);
  }

  /** Takes an ended child away. */
  public void reap(long pid) throws SystemException {
    waitid(P_PID, pid, WEXITED);
  }

  private WaitStatus waitid(int type, long id, int options) throws SystemException {
    check("waitid", (int) call(WAITID, type, id, result, options));
    return new WaitStatus(
        memory.getInt(result + 16), memory.getInt(result + 8), memory.getInt(result + 24));
  }

  /**
   * The report of {@code waitid} about a child.
   *
   * @param how 1 for an exit, 2 for a signal, 3 for a signal with a core dump
   * @param status the exit code or the signal's number
   */
  public record WaitStatus(long pid, int how, int status) {
    public boolean signaled() {
      return how != 1;
    }
  }

  /**
   * Sends a signal; returns whether there was a process to get it. A negative pid is a process
   * group.
   */
  public boolean kill(long pid, int signal) {
    return (int) call(KILL, pid, signal) == 0;
  }

  /** Keeps every process without CAP_SYS_PTRACE from reading and changing this process's memory. */
  public void becomeUndumpable() throws SystemException {
    check("prctl", (int) call(PRCTL, PR_SET_DUMPABLE, 0));
  }

  /** Lets daemonised descendants become children of this process instead of the init's. */
  public void becomeSubreaper() throws SystemException {
    check("prctl", (int) call(PRCTL, PR_SET_CHILD_SUBREAPER, 1));
  }

  /** Checks that a path is there (and executable): 0 or the errno. Unlike Path, takes any name. */
  public int access(String path, boolean executable) {
    long name = name(path);
    return (int) call(ACCESS, name, executable ? 1 : 0) == 0 ? 0 : errno();
  }

  /** Makes a directory: 0 or the errno. */
  public int makeDirectory(String path) {
    return (int) call(MKDIR, name(path), 0755) == 0 ? 0 : errno();
  }

  /** Writes a path of any length to memory, where it stays until the next one. */
  private long name(String path) {
    int room = 3 * path.length() + 1;
    if (names == null || names.size() < room) {
      names = new Memory(Math.max(room, NAME));
    }
    return names.clear().text(path);
  }

  private int check(String name, int result) throws SystemException {
    if (result < 0) {
      throw new SystemException(name, errno());
    }
    return result;
  }
}
