package dev.caisson.link;

import dev.caisson.supervisor.wire.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The watchdog that closes a connection which has not answered in time; that ends the read that
 * waits on it.
 */
final class ConnectionWatchdog implements AutoCloseable {
  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("link-deadlines").factory());

  private final Future<?> pending;

  private ConnectionWatchdog(Future<?> pending) {
    this.pending = pending;
  }

  static ConnectionWatchdog closing(Connection connection, Duration after) {
    return new ConnectionWatchdog(
        TIMER.schedule(
            () -> {
              try {
                connection.close();
              } catch (IOException e) {
                // It is of no use either way.
              }
            },
            after.toNanos(),
            TimeUnit.NANOSECONDS));
  }

  @Override
  public void close() {
    pending.cancel(false);
  }
}
