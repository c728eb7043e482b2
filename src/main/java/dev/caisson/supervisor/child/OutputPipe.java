package dev.caisson.supervisor.child;

import dev.caisson.supervisor.journal.Journal;
import dev.caisson.supervisor.journal.JournalFormat;
import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
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

  /** The copy of the end that the process writes to, until it has ended; -1 for none. */
  private int writer;

  private long id;
  private boolean open = true;

  /**
   * The descriptors of a stream.
   *
   * @param reader from which its bytes are taken
   * @param writer a copy of the process's own, kept so that its end wakes the reaper alone; -1 for
   *     none
   */
  record Ends(int reader, int writer, boolean terminal) {}

  OutputPipe(Pump pump, Journal journal, StreamName stream, Ends ends, Runnable closed) {
    this.pump = pump;
    this.journal = journal;
    this.stream = stream;
    this.fd = ends.reader();
    this.terminal = ends.terminal();
    this.writer = ends.writer();
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
    closeWriter(libc);
    int moved = move(libc, buffer, Pump.PIECE);
    int left = moved > 0 ? left(libc) : 0;
    while (moved > 0 && left > 0) {
      moved = move(libc, buffer, Math.min(left, Pump.PIECE));
      left -= moved;
    }
    // One look more: mostly it is the end. What a terminal was just given may take a moment.
    if (moved != 0) {
      moved = move(libc, buffer, Pump.PIECE);
    }
    if (moved == 0) {
      closed.run();
    } else {
      watch(libc);
    }
  }

  /** Gives a pipe back to the pump that a descendant of the ended process holds. */
  private synchronized void watch(LibC libc) {
    if (open && id == 0) {
      try {
        begin(libc);
      } catch (SystemException e) {
        Log.error("the output of a descendant cannot be waited for", "error", e);
        close(libc);
      }
    }
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

  /** Closes the copy of the writing end, out of the pump's sight: it would be woken to look. */
  private synchronized void closeWriter(LibC libc) {
    if (writer >= 0) {
      if (open && id != 0) {
        pump.remove(libc, id, fd);
        id = 0;
      }
      libc.close(writer);
      writer = -1;
    }
  }

  synchronized void close(LibC libc) {
    if (open) {
      open = false;
      libc.close(writer);
      writer = -1;
      if (id == 0) {
        libc.close(fd);
      } else {
        pump.close(libc, id, fd);
      }
    }
  }
}
