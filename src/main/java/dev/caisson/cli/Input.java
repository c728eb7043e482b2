package dev.caisson.cli;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What this program has read for a process and is not known to have arrived there. Places are
 * counted in bytes since the start of the process, as the service counts them, so that a connection
 * that broke loses nothing and gives nothing twice.
 */
final class Input {
  /** Beyond it no more is read until the process takes some. */
  private static final int MOST_PENDING = 1 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> pending = new ArrayDeque<>();
  private int pendingBytes;
  private boolean counted;
  private long taken;
  private long sent;
  private boolean ended;
  private boolean endSent;
  private int connection;

  /** What to send next: bytes, or, where there are none, the end. */
  record Piece(byte[] bytes) {
    boolean end() {
      return bytes.length == 0;
    }
  }

  /** More was read; waits while there is too much that nobody has taken. */
  void give(byte[] bytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (pendingBytes > MOST_PENDING) {
        changed.await();
      }
      pending.add(bytes);
      pendingBytes += bytes.length;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** That was all. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The process has so much now. */
  void taken(long bytes) {
    lock.lock();
    try {
      forget(bytes);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A new connection, at whose beginning the process has so much; answers its number. */
  int connected(long bytes) {
    lock.lock();
    try {
      if (!counted) {
        // Whoever wrote to it before this program did.
        taken = bytes;
        counted = true;
      }
      forget(bytes);
      sent = taken;
      endSent = false;
      changed.signalAll();
      return ++connection;
    } finally {
      lock.unlock();
    }
  }

  /** That connection is over; who waits to send by it is told. */
  void disconnected() {
    lock.lock();
    try {
      connection++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next piece to send by that connection; null when it is over. */
  @Nullable Piece next(int mine) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (connection != mine) {
          return null;
        }
        byte[] piece = unsent();
        if (piece.length > 0) {
          sent += piece.length;
          return new Piece(piece);
        }
        if (ended && !endSent) {
          endSent = true;
          return new Piece(new byte[0]);
        }
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private byte[] unsent() {
    long place = taken;
    for (byte[] piece : pending) {
      if (place + piece.length > sent) {
        return Arrays.copyOfRange(piece, Math.toIntExact(sent - place), piece.length);
      }
      place += piece.length;
    }
    return new byte[0];
  }

  private void forget(long bytes) {
    while (taken < bytes && !pending.isEmpty()) {
      byte[] first = pending.removeFirst();
      long count = Math.min(first.length, bytes - taken);
      if (count < first.length) {
        pending.addFirst(Arrays.copyOfRange(first, Math.toIntExact(count), first.length));
      }
      taken += count;
      pendingBytes -= Math.toIntExact(count);
    }
    // What others wrote counts, too.
    taken = Math.max(taken, bytes);
    sent = Math.max(sent, taken);
  }
}
