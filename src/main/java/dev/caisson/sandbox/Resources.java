package dev.caisson.sandbox;

/**
 * What a sandbox may use, its inner containers included.
 *
 * @param cpu in cores
 * @param memory in bytes
 * @param pids processes and threads
 * @param disk in bytes, of what its Docker daemon keeps; 0 where none was asked for
 */
public record Resources(double cpu, long memory, int pids, long disk) {}
