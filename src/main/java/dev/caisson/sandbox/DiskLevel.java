package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.DiskUse;
import org.jspecify.annotations.Nullable;

/** The fullness of a disk with a limit, in the levels that are reported. */
public enum DiskLevel {
  OK,
  /** The level at which it is time to prune, before writes fail. */
  NEAR_LIMIT,
  /** The level at which writes fail. */
  FULL;

  /**
   * The part of 1 by which the use must fall below the warning before the disk no longer counts as
   * near its limit, so that not every file brings a report.
   */
  private static final double SLACK = 0.05;

  /**
   * The part of 1 from which on the disk counts as full: what is written last may not fit any more,
   * well before the last byte is taken.
   */
  private static final double FULL_AT = 0.995;

  /**
   * Returns the level that follows this one.
   *
   * @param warning part of 1 from which on the disk is near its limit
   */
  public DiskLevel next(@Nullable DiskUse use, double warning) {
    if (use == null || use.limit() == 0) {
      return OK;
    }
    double fullness = use.fullness();
    if (fullness >= FULL_AT) {
      return FULL;
    }
    if (fullness >= warning || (this != OK && fullness >= warning - SLACK)) {
      return NEAR_LIMIT;
    }
    return OK;
  }
}
