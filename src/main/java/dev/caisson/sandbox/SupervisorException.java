package dev.caisson.sandbox;

import org.jspecify.annotations.Nullable;

/** A failure in talking to a supervisor. */
public abstract sealed class SupervisorException extends RuntimeException {
  public final SandboxId sandbox;

  private SupervisorException(SandboxId sandbox, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.sandbox = sandbox;
  }

  /** A supervisor that could not be reached, or whose connection broke. */
  public static final class Lost extends SupervisorException {
    public Lost(SandboxId sandbox, String message, @Nullable Throwable cause) {
      super(sandbox, message, cause);
    }
  }

  /**
   * A message that breaks the rules of the wire: nothing more is believed of the supervisor, and
   * its link is good for nothing any more. The keeper of the sandbox ends it, as {@code
   * SUPERVISOR_LOST}, with this exception's message as the reason.
   */
  public static final class Untrusted extends SupervisorException {
    /**
     * Creates an exception that says which rule was broken.
     *
     * @param why in words of the service's own: nothing that came from the sandbox is quoted
     */
    public Untrusted(SandboxId sandbox, String why) {
      super(sandbox, why, null);
    }
  }

  /** A supervisor of an older version, which does not know all of what was asked. */
  public static final class TooOld extends SupervisorException {
    /** The version of the supervisor's kit, as it greets. */
    public final String version;

    /** The request, or the part of one, that the supervisor does not know. */
    public final String lacks;

    public TooOld(SandboxId sandbox, String version, String lacks) {
      super(
          sandbox,
          "The supervisor of "
              + sandbox
              + " is of an older version ("
              + version
              + ") and does not know "
              + lacks
              + "; a new sandbox does",
          null);
      this.version = version;
      this.lacks = lacks;
    }
  }

  /** A supervisor of a newer version, which answered what is not known here. */
  public static final class TooNew extends SupervisorException {
    /** The version of the supervisor's kit, as it greets. */
    public final String version;

    public TooNew(SandboxId sandbox, String version, Throwable cause) {
      super(
          sandbox,
          "The supervisor of "
              + sandbox
              + " is of a newer version ("
              + version
              + ") than this service, which does not know what it answers ("
              + cause.getMessage()
              + ")",
          cause);
      this.version = version;
    }
  }

  /** A refusal by the supervisor, which answered and said no. */
  public static final class Refused extends SupervisorException {
    /** The code of the refusal, as in {@link dev.caisson.supervisor.wire.Answer.Refused#code()}. */
    public final String code;

    public Refused(SandboxId sandbox, String code, String message) {
      super(sandbox, message, null);
      this.code = code;
    }
  }
}
