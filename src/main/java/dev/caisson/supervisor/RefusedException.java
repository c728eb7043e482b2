package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.Answer;

/** A request that is answered by {@link Answer.Refused}. */
class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  RefusedException(String code, String message) {
    super(message);
    this.code = code;
  }

  static RefusedException noSuchProcess(Object key) {
    return new RefusedException("NO_SUCH_PROCESS", "no process " + key + " is known");
  }

  static RefusedException ended() {
    return new RefusedException("ESRCH", "the process has ended");
  }

  /** Whether this is why. */
  boolean is(String other) {
    return code.equals(other);
  }

  Answer.Refused answer() {
    return new Answer.Refused(code, String.valueOf(getMessage()));
  }
}
