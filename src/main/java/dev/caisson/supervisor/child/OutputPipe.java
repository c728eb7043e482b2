package dev.caisson.supervisor.child;

import dev.caisson.supervisor.journal.Journal;
import dev.caisson.supervisor.journal.JournalFormat;
import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.StreamName;
import java.nio.ByteBuffer;

/**
 * The end at which one stream of a process comes out, from its start until its last writer ends.
 */
final class OutputPipe implements Pump.Pumped {
  private final Pump pump;
  private final Journal journal;
  private final StreamName stream;
  private final Runnable closed;
  private final int fd;
  private final boolean terminal;
  private long id;
  private boolean open = true;

  OutputPipe(
      Pump pump, Journal journal, StreamName stream, int fd, boolean terminal, Runnable closed) {
    this.pump = pump;
    this.journal = journal;
    this.stream = stream;
    this.fd = fd;
    this.terminal = terminal;
    this.closed = closed;
  }

  synchronized void begin(LibC libc) throws SystemException {
    id = pump.add(libc, fd, LibC.EPOLLIN, this);
  }

  @Override
  public void ready(LibC libc, ByteBuffer buffer) {
    if (move(libc, buffer, Pump.PIECE) == 0) {
      closed.run();
    }
  }

  /**
   * Takes what is in the pipe now, all of it and no more: its process has ended, a descendant that
   * goes on writing must not hold up the news.
   */
  void drain(LibC libc, ByteBuffer buffer) {
    int left = isOpen() ? left(libc) : 0;
    while (left > 0) {
      int moved = move(libc, buffer, Math.min(left, Pump.PIECE));
      if (moved <= 0) {
        break;
      }
      left -= moved;
    }
    // One look more: mostly it is the end.
    ready(libc, buffer);
  }

  /**
   * Returns how many bytes may be left to read. A terminal does not count what is still on its way
   * through the kernel: it is never as much as a piece.
   */
  private int left(LibC libc) {
    return terminal ? Pump.PIECE : libc.available(fd);
  }

  synchronized boolean isOpen() {
    return open;
  }

  /** Moves a piece to the journal: its length, 0 if that was the end, -1 if there was nothing. */
  private synchronized int move(LibC libc, ByteBuffer buffer, int length) {
    if (!open) {
      return -1;
    }
    buffer.clear();
    int count = libc.read(fd, buffer, JournalFormat.FRAME_HEADER, length);
    if (count > 0) {
      journal.append(stream, buffer.limit(JournalFormat.FRAME_HEADER + count));
      return count;
    }
    if (count < 0 && (libc.errno() == Errno.EAGAIN || libc.errno() == Errno.EINTR)) {
      return -1;
    }
    // The end of a pipe; of a terminal EIO says that nobody has it open any more.
    close(libc);
    return 0;
  }

  synchronized void close(LibC libc) {
    if (open) {
      open = false;
      if (id == 0) {
        libc.close(fd);
      } else {
        pump.close(libc, id, fd);
      }
    }
  }
}
