package dev.caisson.supervisor.wire;

/** A request that is answered by {@link Answer.Refused}. */
public class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  public RefusedException(String code, String message) {
    super(message);
    this.code = code;
  }

  public static RefusedException noSuchProcess(Object key) {
    return new RefusedException("NO_SUCH_PROCESS", "no process " + key + " is known");
  }

  public static RefusedException ended() {
    return new RefusedException("ESRCH", "the process has ended");
  }

  /** Returns whether this is the code of the refusal. */
  public boolean is(String other) {
    return code.equals(other);
  }

  public Answer.Refused answer() {
    return new Answer.Refused(code, String.valueOf(getMessage()));
  }
}
