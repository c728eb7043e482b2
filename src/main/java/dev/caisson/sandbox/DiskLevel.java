package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.DiskUse;
import org.jspecify.annotations.Nullable;

/** How full a disk with a limit is, as far as somebody must be told. */
public enum DiskLevel {
  OK,
  /** It is time to prune, before writes fail. */
  NEAR_LIMIT,
  /** Writes fail. */
  FULL;

  /** What it must have gone down by until it counts as down: it is not told with every file. */
  private static final double SLACK = 0.05;

  /** What is written last may not fit any more, well before the last byte is taken. */
  private static final double FULL_AT = 0.995;

  /**
   * The level that follows.
   *
   * @param warning from where on it is near its limit
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
