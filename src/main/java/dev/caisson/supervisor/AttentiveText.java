package dev.caisson.supervisor;

/**
 * A text that a regular expression can be kept away from: one that tries for ever ends when its
 * thread is interrupted, and lets others have the carrier meanwhile.
 */
final class AttentiveText implements CharSequence {
  /** It is looked at by an expression that nobody waits for any more. */
  static final class InterruptedMatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InterruptedMatchException(InterruptedException cause) {
      super(cause);
    }
  }

  private static final int TURN = 1 << 14;

  private final String text;
  private int looks;

  AttentiveText(String text) {
    this.text = text;
  }

  @Override
  public char charAt(int index) {
    if ((++looks & (TURN - 1)) == 0) {
      try {
        Turn.give();
      } catch (InterruptedException e) {
        throw new InterruptedMatchException(e);
      }
    }
    return text.charAt(index);
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
