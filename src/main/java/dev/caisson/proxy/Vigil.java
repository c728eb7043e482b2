package dev.caisson.proxy;

import dev.caisson.connection.Client;
import dev.caisson.sandbox.Tunnel;
import dev.caisson.time.Deadline;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;

/**
 * The watch over an exchange while its thread waits for the sandbox: ends the tunnel when the head
 * does not come in time, and within a second when the client has gone.
 */
final class Vigil implements AutoCloseable {
  /** The time between two looks at the client: Tomcat sends no event when a client has gone. */
  private static final long ROUND_MILLIS = 500;

  private final HttpServletRequest request;
  private final Tunnel tunnel;
  private final Deadline deadline;
  private boolean bodyRead;
  private boolean answered;
  private boolean late;
  private boolean over;

  private Vigil(HttpServletRequest request, Tunnel tunnel, Duration patience) {
    this.request = request;
    this.tunnel = tunnel;
    this.deadline = Deadline.in(patience);
  }

  /** Begins to watch over this exchange. */
  static Vigil over(HttpServletRequest request, Tunnel tunnel, Duration patience) {
    Vigil vigil = new Vigil(request, tunnel, patience);
    Thread _ = Thread.ofVirtual().name("vigil").start(vigil::watch);
    return vigil;
  }

  /** Lets the client be looked for: no thread reads from the request any more. */
  synchronized void bodyRead() {
    bodyRead = true;
  }

  /** Returns whether all that the request had was read from it and sent on. */
  synchronized boolean isBodyRead() {
    return bodyRead;
  }

  /** Ends the time for the head, which is there. */
  synchronized void answered() {
    answered = true;
  }

  /** Returns whether the head did not come in time. */
  synchronized boolean wasLate() {
    return late;
  }

  private synchronized void watch() {
    try {
      while (!over) {
        wait(ROUND_MILLIS);
        if (over) {
          return;
        }
        late = !answered && deadline.isOver();
        if (late || (bodyRead && Client.isGone(request))) {
          tunnel.close();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the watch; the request is its thread's alone again when this returns. */
  synchronized void end() {
    over = true;
    notifyAll();
  }

  @Override
  public void close() {
    end();
  }
}
