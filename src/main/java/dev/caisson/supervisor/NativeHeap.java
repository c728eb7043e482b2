package dev.caisson.supervisor;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * What the C library holds for the virtual machine. After a start or a burst of work most of it is
 * free, the compiler's above all, and glibc keeps it: megabytes in every idle sandbox.
 */
final class NativeHeap {
  /** Only glibc has it. */
  private static final Optional<MemorySegment> TRIM =
      Linker.nativeLinker().defaultLookup().find("malloc_trim");

  private final LibC libc = new LibC();
  private long before;

  /** Gives the kernel what is free, if anything was done since the last time. */
  void giveBack() {
    long now = Runtime.getRuntime().freeMemory();
    if (now != before) {
      before = now;
      TRIM.ifPresent(trim -> libc.call(trim, 0, 0, 0, 0, 0, 0));
    }
  }
}
