package dev.caisson.link;

import dev.caisson.supervisor.wire.BrokenRuleException;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The budget of one sandbox for its use of the service over its link: bytes that are being read at
 * once, connections, and what it pushes without being asked.
 */
final class LinkBudget {
  /** The most connections, more than a supervisor serves at once. */
  static final int CONNECTIONS = 512;

  /** The most frames of kinds that are not known here, one after the other. */
  static final int UNKNOWN = 100;

  /** The most bytes of one list of processes, five times what a usual one has. */
  static final long LIST = 32 << 20;

  private static final int IN_FLIGHT = 32 << 20;

  /** The size of a frame in bytes that every connection's own buffer holds anyway. */
  private static final int SMALL = 16 << 10;

  /**
   * The longest wait in seconds for room for a frame that has begun, of a supervisor that stands
   * still in the middle of others.
   */
  private static final long WAIT_SECONDS = 30;

  /**
   * The frames that a start gives cause for: its own, that of its end, and those of five attempts
   * more.
   */
  private static final int NEWS = 24;

  /** The bytes of a record beyond the command that was sent. */
  private static final int RECORD = 4 << 10;

  private final Semaphore bytes = new Semaphore(IN_FLIGHT);
  private final Pace pushedFrames = new Pace("frames", 200, 20_000);
  private final Pace pushedBytes = new Pace("bytes", 1 << 20, 16 << 20);
  private final Pace statuses = new Pace("changes of its daemon", 10, 200);

  /** Makes room for a frame; waits while others are being read. */
  void begin(int frame) throws IOException {
    if (frame <= SMALL) {
      return;
    }
    try {
      if (!bytes.tryAcquire(frame, WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("too much is being read from it at once");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("a wait for room was interrupted");
    }
  }

  void end(int frame) {
    if (frame > SMALL) {
      bytes.release(frame);
    }
  }

  /** Notes that something was asked, which may make news. */
  void asked(Request<?> request, int frame) {
    if (request instanceof Request.Start || request instanceof Request.Run) {
      pushedFrames.add(NEWS);
      pushedBytes.add((double) NEWS * (frame + RECORD));
    } else {
      pushedFrames.add(1);
      pushedBytes.add(RECORD);
    }
  }

  /**
   * Counts a frame that was pushed.
   *
   * @throws BrokenRuleException if that is too much by now
   */
  void pushed(int frame) throws BrokenRuleException {
    pushedFrames.take(1);
    pushedBytes.take(frame);
  }

  /**
   * Counts a pushed frame that was news of the daemon, of which each is kept.
   *
   * @throws BrokenRuleException if that is too much by now
   */
  void pushedStatus() throws BrokenRuleException {
    statuses.take(1);
  }
}
