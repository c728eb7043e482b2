package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.wire.Request.DockerPlan;
import java.time.Duration;

/**
 * The time for which a living daemon may be silent before it is ended. Slow is not crashed: a
 * daemon that has never answered has much to restore, perhaps, and gets more time.
 *
 * @param mute for one that has answered before
 * @param start for one that has not, after the minute in which it is just starting
 */
record DaemonPatience(Duration mute, Duration start) {

  static final DaemonPatience DEFAULT =
      new DaemonPatience(Duration.ofSeconds(30), Duration.ofMinutes(5));

  /** The time dockerd gets to write down its stacks; it takes some 10 ms where it can at all. */
  static final Duration DUMP = Duration.ofSeconds(2);

  static DaemonPatience of(DockerPlan plan) {
    return new DaemonPatience(
        plan.muteMillis() > 0 ? Duration.ofMillis(plan.muteMillis()) : DEFAULT.mute,
        plan.startMillis() > 0 ? Duration.ofMillis(plan.startMillis()) : DEFAULT.start);
  }

  Duration of(boolean hasAnswered) {
    return hasAnswered ? mute : start;
  }
}
