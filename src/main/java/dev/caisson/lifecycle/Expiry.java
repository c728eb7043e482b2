package dev.caisson.lifecycle;

import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The time of a sandbox's last use, from which the end of its ttl follows. */
final class Expiry {
  private final Clock clock;
  private volatile Instant active;

  Expiry(Clock clock) {
    this.clock = clock;
    this.active = clock.instant();
  }

  /** Records a use of the sandbox at this moment. */
  void touch() {
    active = clock.instant();
  }

  Instant lastUse() {
    return active;
  }

  /**
   * Returns a copy of a ready sandbox with the time at which it ends if nothing happens in it; any
   * other, and one without a ttl, as it is.
   */
  Sandbox on(Sandbox sandbox) {
    Duration ttl = sandbox.spec().ttl();
    return ttl == null || sandbox.state() != SandboxState.READY
        ? sandbox
        : sandbox.with(sandbox.life().expiring(active.plus(ttl)));
  }

  /** Returns what is left of this ttl; a day where there is none. */
  Duration left(@Nullable Duration ttl) {
    if (ttl == null) {
      return Duration.ofDays(1);
    }
    Duration left = Duration.between(clock.instant(), active.plus(ttl));
    return left.isNegative() ? Duration.ZERO : left;
  }
}
