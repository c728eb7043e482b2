package dev.caisson.supervisor.system;

import dev.caisson.supervisor.wire.RefusedException;
import java.time.Duration;

/**
 * The limits of one search: time as a whole, and looks at one line, since an expression such as
 * {@code (a+)+$} tries for longer than the sandbox lives. Lets others have the carrier meanwhile.
 */
public final class SearchBudget {
  /** The time of a search, in which a tree of some million files is walked. */
  public static final Duration TIME = Duration.ofSeconds(60);

  /** The most characters of one line that an expression may read, again and again included. */
  static final long LOOKS = 20_000_000;

  private final Yield turn = new Yield();
  private final long end;

  /** The end of a search that is not done when its time is over; what it has found was sent. */
  public static final class TimeOverException extends RefusedException {
    private static final long serialVersionUID = 1L;

    TimeOverException() {
      super("SEARCH_TIME_OVER", "the search was not done within " + TIME.toSeconds() + " s");
    }
  }

  public SearchBudget(Duration time) {
    end = System.nanoTime() + time.toNanos();
  }

  /** Goes on, if there is time left and the thread was not interrupted. */
  public void turn() throws InterruptedException, TimeOverException {
    if (System.nanoTime() - end >= 0) {
      throw new TimeOverException();
    }
    turn.give();
  }
}
