package dev.caisson.sandbox;

import org.jspecify.annotations.Nullable;

/** What can go wrong in talking to a supervisor. */
public abstract sealed class SupervisorException extends RuntimeException {
  public final SandboxId sandbox;

  private SupervisorException(SandboxId sandbox, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.sandbox = sandbox;
  }

  /** It could not be reached, or the connection broke. */
  public static final class Lost extends SupervisorException {
    public Lost(SandboxId sandbox, String message, @Nullable Throwable cause) {
      super(sandbox, message, cause);
    }
  }

  /**
   * What it said breaks the rules of the wire: nothing more is believed of it, and its link is good
   * for nothing any more. Whoever keeps the sandbox ends it, as {@code SUPERVISOR_LOST}, with this
   * message as the reason.
   */
  public static final class Untrusted extends SupervisorException {
    /**
     * Says which rule was broken.
     *
     * @param why in words of the service's own: nothing that came from the sandbox is quoted
     */
    public Untrusted(SandboxId sandbox, String why) {
      super(sandbox, why, null);
    }
  }

  /** It answered, and said no. */
  public static final class Refused extends SupervisorException {
    /** As in {@link dev.caisson.supervisor.wire.Answer.Refused#code()}. */
    public final String code;

    public Refused(SandboxId sandbox, String code, String message) {
      super(sandbox, message, null);
      this.code = code;
    }
  }
}
