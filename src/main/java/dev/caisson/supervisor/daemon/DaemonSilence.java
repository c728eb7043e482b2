package dev.caisson.supervisor.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The silence of a dockerd that is alive and does not answer: its beginning, the dump of stacks
 * that was requested, and whether the daemon was ended for it.
 */
final class DaemonSilence {

  private Instant since = Instant.EPOCH;
  private Instant dumpedAt = Instant.EPOCH;
  private @Nullable Path dump;
  private boolean ended;

  void begin(Instant now) {
    since = now;
  }

  /** Notes that dockerd was asked to write its stacks. */
  void dumping(Instant now) {
    dumpedAt = now;
  }

  /** Looks for the dump that was requested, and keeps its path. */
  void find(DaemonStacks stacks) {
    dump = stacks.since(dumpedAt);
  }

  /** Notes that dockerd is ended because it is silent. */
  void end() {
    ended = true;
  }

  /** Forgets the dump and the end of the last dockerd: a new one starts. */
  void forget() {
    dump = null;
    ended = false;
  }

  Duration length(Instant now) {
    return Duration.between(since, now);
  }

  /** Returns the dump of the silent dockerd; null where it wrote none. */
  @Nullable Path dump() {
    return dump;
  }

  /** Returns whether the last dockerd was ended because it was silent. */
  boolean hasEnded() {
    return ended;
  }
}
