package dev.caisson.lifecycle;

import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a sandbox was last used, and so when its ttl is over. */
final class Expiry {
  private final Clock clock;
  private volatile Instant active;

  Expiry(Clock clock) {
    this.clock = clock;
    this.active = clock.instant();
  }

  /** Somebody uses it. */
  void touch() {
    active = clock.instant();
  }

  Instant lastUse() {
    return active;
  }

  /** With the time at which it ends, if nothing happens in it. */
  Sandbox on(Sandbox sandbox) {
    Duration ttl = sandbox.spec().ttl();
    return ttl == null || sandbox.state() != SandboxState.READY
        ? sandbox
        : sandbox.with(sandbox.life().expiring(active.plus(ttl)));
  }

  /** What is left of this ttl. */
  Duration left(@Nullable Duration ttl) {
    if (ttl == null) {
      return Duration.ofDays(1);
    }
    Duration left = Duration.between(clock.instant(), active.plus(ttl));
    return left.isNegative() ? Duration.ZERO : left;
  }
}
