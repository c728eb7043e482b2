package dev.caisson.cli.terminal;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The input this program has read for a process and does not know to have arrived there. Places are
 * counted in bytes since the start of the process, as the service counts them, so that a connection
 * that broke loses nothing and gives nothing twice.
 */
public final class Input {
  /** The most pending bytes; beyond them no more is read until the process takes some. */
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

  /** A piece to send next: bytes, or, where there are none, the end. */
  record Piece(byte[] bytes) {
    boolean end() {
      return bytes.length == 0;
    }
  }

  /** Adds bytes that were read; waits while too many are pending. */
  public void give(byte[] bytes) throws InterruptedException {
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

  /** Ends the input. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the process has taken this many bytes. */
  void taken(long bytes) {
    lock.lock();
    try {
      forget(bytes);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes a new connection, at whose beginning the process has this many bytes; returns its number.
   */
  int connected(long bytes) {
    lock.lock();
    try {
      if (!counted) {
        // Bytes that other clients wrote before this program.
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

  /** Notes that the connection is over; wakes the thread that waits to send by it. */
  void disconnected() {
    lock.lock();
    try {
      connection++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next piece to send by this connection; null when the connection is over. */
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
    // Bytes that other clients wrote count, too.
    taken = Math.max(taken, bytes);
    sent = Math.max(sent, taken);
  }
}
