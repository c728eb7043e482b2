package dev.caisson.supervisor.child;

import dev.caisson.supervisor.system.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The input a process was started with. It waits outside the heap, since a process may take as long
 * as it likes to read it, or never do.
 */
final class InitialInput implements AutoCloseable {
  private static final int STEP = 1 << 20;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment bytes;
  private long left;

  InitialInput(byte[] input) {
    bytes = arena.allocate(Math.max(1, input.length));
    bytes.asByteBuffer().put(input);
    left = input.length;
  }

  long left() {
    return left;
  }

  /** Writes what is taken now: the count, or -1 with the library's errno. */
  int write(LibC libc, int fd) {
    int count = libc.write(fd, bytes, bytes.byteSize() - left, Math.min(STEP, left));
    left -= Math.max(0, count);
    return count;
  }

  @Override
  public void close() {
    arena.close();
  }
}
