package dev.caisson.supervisor.system;

/**
 * The heap that the C library holds for the virtual machine. After a start or a burst of work most
 * of it is free, the compiler's above all, and glibc keeps it: megabytes in every idle sandbox.
 */
final class NativeHeap {
  /** The address of {@code malloc_trim}, 0 in a C library other than glibc, which alone has it. */
  private static final long TRIM = NativeCalls.address("malloc_trim");

  private final LibC libc = new LibC();
  private long before;

  /** Gives the kernel what is free, if anything was done since the last time. */
  void giveBack() {
    long now = Runtime.getRuntime().freeMemory();
    if (now != before) {
      before = now;
      if (TRIM != 0) {
        libc.call(TRIM, 0);
      }
    }
  }
}
