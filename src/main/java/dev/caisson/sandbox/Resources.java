package dev.caisson.sandbox;

/**
 * The limits of what a sandbox may use, its inner containers included.
 *
 * @param cpu in cores
 * @param memory in bytes
 * @param pids processes and threads
 * @param disk in bytes, of all that it keeps; 0 where none was asked for, and the default holds
 */
public record Resources(double cpu, long memory, int pids, long disk) {

  /** Returns a copy that asks for no disk, so that the default holds. */
  Resources withoutDisk() {
    return new Resources(cpu, memory, pids, 0);
  }
}
