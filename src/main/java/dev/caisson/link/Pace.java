package dev.caisson.link;

import dev.caisson.supervisor.wire.BrokenRuleException;

/**
 * The amount that a supervisor may push without being asked: a store that fills with time, and with
 * what it is asked for, since that makes news.
 */
final class Pace {
  private static final double NANOS = 1e9;

  private final String what;
  private final double perSecond;
  private final double store;
  private double left;
  private long filled = System.nanoTime();

  /**
   * Creates a full store.
   *
   * @param what is counted, for the message that it was too much
   * @param perSecond by which it fills
   * @param store how much it holds without being asked
   */
  Pace(String what, double perSecond, double store) {
    this.what = what;
    this.perSecond = perSecond;
    this.store = store;
    this.left = store;
  }

  /** Adds the amount that a request gives cause for. */
  synchronized void add(double amount) {
    left += amount;
  }

  /**
   * Takes an amount from the store.
   *
   * @throws BrokenRuleException if it is more than there is
   */
  synchronized void take(double amount) throws BrokenRuleException {
    long now = System.nanoTime();
    // What was given cause for stays; time alone does not fill beyond the store.
    left = Math.max(left, Math.min(store, left + (now - filled) / NANOS * perSecond));
    filled = now;
    left -= amount;
    if (left < 0) {
      throw new BrokenRuleException("more than %.0f %s a second".formatted(perSecond, what));
    }
  }
}
