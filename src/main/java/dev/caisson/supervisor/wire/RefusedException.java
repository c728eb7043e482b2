package dev.caisson.supervisor.wire;

/** A request that is answered by {@link Answer.Refused}. */
public class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  public RefusedException(RefusalCode code, String message) {
    this(code.name(), message);
  }

  /**
   * Creates a refusal by the system.
   *
   * @param code the system error's name, which need not be among those of {@link RefusalCode}
   */
  public RefusedException(String code, String message) {
    super(message);
    this.code = code;
  }

  public static RefusedException noSuchProcess(Object key) {
    return new RefusedException(RefusalCode.NO_SUCH_PROCESS, "no process " + key + " is known");
  }

  public static RefusedException ended() {
    return new RefusedException(RefusalCode.ESRCH, "the process has ended");
  }

  /** Returns whether this is the code of the refusal. */
  public boolean is(RefusalCode other) {
    return code.equals(other.name());
  }

  public Answer.Refused answer() {
    return new Answer.Refused(code, String.valueOf(getMessage()));
  }
}
