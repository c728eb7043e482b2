package dev.caisson.supervisor.child;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A process's input on its way into the pipe or terminal: what it was started with, then what
 * writers give. One writes at a time, and waits while the pipe is full; what was taken is counted
 * as it is taken, so that a writer who was cut off can go on where it stands.
 */
public final class InputPipe implements Pump.Pumped {
  private static final int STEP = 64 << 10;
  private static final long SOON_MILLIS = 250;

  private final Pump pump;
  private final int fd;
  private final boolean terminal;
  private final ReentrantLock turn = new ReentrantLock(true);
  private @Nullable InitialInput first;
  private long id;

  /** True if more may follow the initial input. */
  private boolean openEnd;

  private long given;

  /** True until the pump says that the pipe takes more. */
  private boolean full;

  /** The count of bytes at which the end of the input was sent to a terminal, which stays open. */
  private long endSaidAt = -1;

  private boolean open = true;
  private boolean ended;

  InputPipe(Pump pump, int fd, byte @Nullable [] first, boolean openEnd, boolean terminal) {
    this.pump = pump;
    this.fd = fd;
    this.openEnd = openEnd;
    this.terminal = terminal;
    this.first = first == null ? null : new InitialInput(first);
  }

  /** Writes what the pipe takes at once, and leaves the rest to the pump. */
  synchronized void begin(LibC libc) throws SystemException {
    if (first != null && !feed(libc)) {
      arm(libc);
    }
  }

  /** Returns how many bytes were given, and whether more can be. */
  public synchronized ProcessInfo.Input info() {
    return new ProcessInfo.Input(given, open && openEnd);
  }

  @Override
  public synchronized void ready(LibC libc, ByteBuffer buffer) {
    full = false;
    try {
      if (open && first != null && !feed(libc)) {
        arm(libc);
      }
    } catch (SystemException e) {
      Log.error("input cannot be waited for", "error", e);
      close(libc);
    }
    notifyAll();
  }

  /** Writes the initial input; false where the pipe takes no more now. */
  private boolean feed(LibC libc) {
    InitialInput rest = first;
    while (rest != null && rest.left() > 0) {
      int count = rest.write(libc, fd);
      if (count >= 0) {
        given += count;
      } else if (libc.errno() == Errno.EAGAIN) {
        return false;
      } else if (libc.errno() != Errno.EINTR) {
        // EPIPE: nobody reads it any more, which is the process's own business.
        close(libc);
        return true;
      }
    }
    dropFirst();
    if (!openEnd) {
      close(libc);
    }
    return true;
  }

  /** Lets the pump say once when more is taken. */
  private void arm(LibC libc) throws SystemException {
    int events = LibC.EPOLLOUT | LibC.EPOLLONESHOT;
    full = true;
    if (id == 0) {
      id = pump.add(libc, fd, events, this);
    } else {
      pump.again(libc, id, fd, events);
    }
  }

  /**
   * Writes more input, and waits until the pipe has taken all of it.
   *
   * @param offset of the first byte in all input, -1 for wherever it stands
   * @return how much was given in all
   * @throws RefusedException {@code INPUT_FULL} if the time is over before; a part was taken
   */
  public long write(long offset, byte[] bytes, boolean close, Deadline deadline)
      throws RefusedException, InterruptedException {
    LibC libc = new LibC();
    if (!turn.tryLock(deadline.left(), TimeUnit.MILLISECONDS)) {
      throw fullNow();
    }
    try (Arena arena = Arena.ofConfined()) {
      int from = begin(offset, bytes, close, deadline);
      MemorySegment piece = arena.allocate(Math.clamp(bytes.length - from, 1, STEP));
      while (from < bytes.length) {
        int length = Math.min(bytes.length - from, STEP);
        MemorySegment.copy(bytes, from, piece, JAVA_BYTE, 0, length);
        give(libc, piece, length, true, deadline);
        from += length;
      }
      return close ? end(libc, piece, deadline) : total();
    } finally {
      turn.unlock();
    }
  }

  /**
   * Waits until the initial input is written, and returns how many of these bytes were given
   * already.
   */
  private synchronized int begin(long offset, byte[] bytes, boolean close, Deadline deadline)
      throws RefusedException, InterruptedException {
    while (first != null && open && !ended) {
      wait(left(deadline));
    }
    if (offset > given) {
      throw new RefusedException(
          RefusalCode.INPUT_GAP,
          "the input ends at offset " + given + ", and " + offset + " is beyond it");
    }
    int from = offset < 0 ? 0 : (int) Math.min(bytes.length, given - offset);
    boolean repeated = offset >= 0 && from == bytes.length && (!close || !open);
    if (!repeated || bytes.length == 0) {
      checkOpen();
    }
    return from;
  }

  private synchronized void give(
      LibC libc, MemorySegment piece, int length, boolean counted, Deadline deadline)
      throws RefusedException, InterruptedException {
    int at = 0;
    while (at < length) {
      checkOpen();
      int count = libc.write(fd, piece, at, length - at);
      if (count >= 0) {
        at += count;
        given += counted ? count : 0;
      } else if (libc.errno() == Errno.EAGAIN) {
        await(libc, deadline);
      } else if (libc.errno() != Errno.EINTR) {
        close(libc);
        awaitEnd();
      }
    }
  }

  /**
   * Waits a moment for the end of the process: one that ends closes its input first, so whether it
   * ended or only closed its input shows a little later.
   */
  private void awaitEnd() throws InterruptedException {
    Deadline deadline = Deadline.in(SOON_MILLIS);
    for (long left = deadline.left(); !ended && left > 0; left = deadline.left()) {
      wait(left);
    }
  }

  private void await(LibC libc, Deadline deadline) throws RefusedException, InterruptedException {
    try {
      arm(libc);
    } catch (SystemException e) {
      throw new IllegalStateException(e);
    }
    while (full && open && !ended) {
      wait(left(deadline));
    }
  }

  private static long left(Deadline deadline) throws RefusedException {
    long left = deadline.left();
    if (left == 0) {
      throw fullNow();
    }
    return left;
  }

  private static RefusedException fullNow() {
    return new RefusedException(RefusalCode.INPUT_FULL, "the process does not read its input");
  }

  private synchronized long end(LibC libc, MemorySegment piece, Deadline deadline)
      throws RefusedException, InterruptedException {
    if (!terminal) {
      close(libc);
    } else if (endSaidAt != given) {
      piece.set(JAVA_BYTE, 0, Pty.END_OF_FILE);
      give(libc, piece, 1, false, deadline);
      endSaidAt = given;
    }
    return given;
  }

  private synchronized long total() {
    return given;
  }

  private void checkOpen() throws RefusedException {
    if (ended) {
      throw RefusedException.ended();
    }
    if (!open || !openEnd) {
      throw new RefusedException(RefusalCode.INPUT_CLOSED, "the process's input is closed");
    }
  }

  /** Ends the input of an ended process: only its initial input may still go to a descendant. */
  synchronized void end(LibC libc) {
    ended = true;
    openEnd = false;
    if (first == null || terminal) {
      close(libc);
    }
    notifyAll();
  }

  synchronized void close(LibC libc) {
    if (open) {
      open = false;
      if (id == 0) {
        libc.close(fd);
      } else {
        pump.close(libc, id, fd);
      }
      dropFirst();
      notifyAll();
    }
  }

  private void dropFirst() {
    if (first != null) {
      first.close();
      first = null;
    }
  }
}
