package dev.caisson.supervisor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A process's input on its way into the pipe. It waits outside the heap, since a process may take
 * as long as it likes to read it, or never do.
 */
final class Feed implements Pump.Pumped {
  private static final int STEP = 1 << 20;

  private final Pump pump;
  private final int fd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment bytes;
  private long position;
  private long id;
  private boolean open = true;

  Feed(Pump pump, int fd, byte[] input) {
    this.pump = pump;
    this.fd = fd;
    this.bytes = arena.allocate(Math.max(1, input.length));
    MemorySegment.copy(input, 0, bytes, JAVA_BYTE, 0, input.length);
    this.position = bytes.byteSize() - input.length;
  }

  /** Writes what the pipe takes at once, and leaves the rest to the pump. */
  synchronized void begin(LibC libc) throws SystemException {
    write(libc);
    if (open) {
      id = pump.add(libc, fd, LibC.EPOLL_OUT, this);
    }
  }

  @Override
  public synchronized void ready(LibC libc, ByteBuffer buffer) {
    if (open) {
      write(libc);
    }
  }

  private void write(LibC libc) {
    while (position < bytes.byteSize()) {
      int count = libc.write(fd, bytes, position, Math.min(STEP, bytes.byteSize() - position));
      if (count >= 0) {
        position += count;
      } else if (libc.errno() == Errno.EAGAIN) {
        return;
      } else if (libc.errno() != Errno.EINTR) {
        // EPIPE: nobody reads it any more, which is the process's own business.
        break;
      }
    }
    close(libc);
  }

  synchronized void close(LibC libc) {
    if (open) {
      open = false;
      if (id == 0) {
        libc.close(fd);
      } else {
        pump.close(libc, id, fd);
      }
      arena.close();
    }
  }
}
