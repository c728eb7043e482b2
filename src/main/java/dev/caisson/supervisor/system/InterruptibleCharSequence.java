package dev.caisson.supervisor.system;

/**
 * A text that a regular expression can be kept away from: one that tries for ever ends by its
 * budget, or when its thread is interrupted, and lets others have the carrier meanwhile.
 */
public final class InterruptibleCharSequence implements CharSequence {
  /** The end of a match that is not to go on; the cause says why. */
  public static final class EndedMatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EndedMatchException(Exception cause) {
      super(cause);
    }
  }

  /** The end of a match whose expression has looked at the text as often as it may. */
  public static final class TooManyLooksException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final int TURN = 1 << 14;

  private final String text;
  private final SearchBudget budget;
  private long looks;

  public InterruptibleCharSequence(String text, SearchBudget budget) {
    this.text = text;
    this.budget = budget;
  }

  @Override
  public char charAt(int index) {
    if ((++looks & (TURN - 1)) == 0) {
      turn();
    }
    return text.charAt(index);
  }

  private void turn() {
    if (looks > SearchBudget.LOOKS) {
      throw new TooManyLooksException();
    }
    try {
      budget.turn();
    } catch (InterruptedException | SearchBudget.TimeOverException e) {
      throw new EndedMatchException(e);
    }
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
