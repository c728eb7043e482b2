package dev.caisson.supervisor.wire;

/**
 * The disk space that the daemon's images, containers and volumes take.
 *
 * @param limit in bytes, 0 where there is none
 * @param used in bytes; with a limit, what is no longer free of it
 */
public record DiskUse(@Bounds(least = 0) long limit, @Bounds(least = 0) long used) {

  /** Returns how full the disk is, from 0 to 1; 0 where there is no limit. */
  public double fullness() {
    return limit == 0 ? 0 : (double) used / limit;
  }
}
