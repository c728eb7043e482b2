package dev.caisson.supervisor.child;

import static dev.caisson.supervisor.system.OpenFlags.O_CLOEXEC;
import static dev.caisson.supervisor.system.OpenFlags.O_NOCTTY;
import static dev.caisson.supervisor.system.OpenFlags.O_NONBLOCK;
import static dev.caisson.supervisor.system.OpenFlags.O_RDWR;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A pseudo-terminal that a process is given. The supervisor holds both ends while the process runs:
 * one that closes its terminal for a moment is not hung up on, and only after its end does the last
 * holder's end say that nothing more will come.
 */
public final class Pty {
  /**
   * The character that a terminal understands as the end of input, unless its settings were
   * changed.
   */
  static final byte END_OF_FILE = 4;

  private static final int LARGEST = 0xFFFF;

  private static final int F_DUPFD_CLOEXEC = 1030;

  private static final int TIOCSWINSZ = 0x5414;
  private static final int TIOCGPTPEER = 0x5441;
  private static final int TIOCGPTN = 0x80045430;
  private static final int TIOCSPTLCK = 0x40045431;

  private static final long FCHMOD = LibC.function("fchmod");
  private static final long FCHOWN = LibC.function("fchown");
  private static final long FCNTL = LibC.function("fcntl");
  private static final long IOCTL = LibC.function("ioctl");
  private static final long OPEN = LibC.function("open");

  private final int master;
  private final int writing;
  private final String path;
  private int slave;
  private Request.Terminal size;

  private Pty(int master, int writing, int slave, String path, Request.Terminal size) {
    this.master = master;
    this.writing = writing;
    this.slave = slave;
    this.path = path;
    this.size = size;
  }

  static Pty open(LibC libc, Request.Terminal size, long owner) throws SystemException {
    int master = -1;
    int slave = -1;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(JAVA_INT);
      long name = arena.allocateFrom("/dev/ptmx").address();
      int flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
      master = check(libc, "open /dev/ptmx", libc.call(OPEN, name, flags));
      check(libc, "unlockpt", libc.call(IOCTL, master, TIOCSPTLCK, number.address()));
      check(libc, "ptsname", ioctl(libc, master, TIOCGPTN, number.address()));
      int peer = O_RDWR | O_NOCTTY | O_CLOEXEC;
      slave = check(libc, "open the terminal", ioctl(libc, master, TIOCGPTPEER, peer));
      // As login does: its owner alone reads it, the group of terminals may write.
      check(libc, "fchown", libc.call(FCHOWN, slave, owner, -1));
      check(libc, "fchmod", libc.call(FCHMOD, slave, 0620));
      setSize(libc, slave, size);
      int writing = check(libc, "dup", libc.call(FCNTL, master, F_DUPFD_CLOEXEC, 0));
      return new Pty(master, writing, slave, "/dev/pts/" + number.get(JAVA_INT, 0), size);
    } catch (SystemException e) {
      libc.close(master);
      libc.close(slave);
      throw e;
    }
  }

  /** Returns the end at which all output comes out; closing it and {@link #writing} hangs up. */
  int master() {
    return master;
  }

  /** Returns a duplicate of {@link #master}, to write to: an epoll takes no descriptor twice. */
  int writing() {
    return writing;
  }

  /**
   * Returns the path that the process opens: as the first terminal of its session it is the
   * controlling one.
   */
  String path() {
    return path;
  }

  public synchronized Request.Terminal size() {
    return size;
  }

  /**
   * Changes the terminal's size, of which the kernel tells the foreground; returns whether it was
   * still there.
   */
  public synchronized boolean resize(LibC libc, Request.Terminal wanted) throws SystemException {
    if (slave < 0) {
      return false;
    }
    setSize(libc, slave, wanted);
    size = wanted;
    return true;
  }

  /** Lets go of the terminal of an ended process: it ends with its last other holder. */
  synchronized void letGo(LibC libc) {
    libc.close(slave);
    slave = -1;
  }

  public static void check(Request.Terminal size) throws RefusedException {
    if (size.rows() < 1 || size.rows() > LARGEST || size.cols() < 1 || size.cols() > LARGEST) {
      throw new RefusedException(RefusalCode.EINVAL, "a terminal has 1 to 65535 rows and columns");
    }
  }

  private static void setSize(LibC libc, int fd, Request.Terminal size) throws SystemException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment words = arena.allocate(JAVA_SHORT, 4);
      words.setAtIndex(JAVA_SHORT, 0, (short) size.rows());
      words.setAtIndex(JAVA_SHORT, 1, (short) size.cols());
      check(libc, "set the size", ioctl(libc, fd, TIOCSWINSZ, words.address()));
    }
  }

  /** Calls {@code ioctl}; the number of its request is unsigned. */
  private static long ioctl(LibC libc, int fd, int request, long argument) {
    return libc.call(IOCTL, fd, Integer.toUnsignedLong(request), argument);
  }

  private static int check(LibC libc, String call, long result) throws SystemException {
    if ((int) result < 0) {
      throw new SystemException(call, libc.errno());
    }
    return (int) result;
  }
}
