package dev.caisson.sandbox;

import dev.caisson.error.CaissonException;
import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;
import dev.caisson.error.RelayedCode;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.RefusalCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A failure in talking to a supervisor. */
public abstract sealed class SupervisorException extends CaissonException {
  public final SandboxId sandbox;

  private SupervisorException(
      SandboxId sandbox,
      ErrorCode code,
      Map<String, ?> details,
      String message,
      @Nullable Throwable cause) {
    super(code, details, message, cause);
    this.sandbox = sandbox;
  }

  private static Map<String, ?> of(SandboxId sandbox) {
    return Map.of("sandbox", sandbox.value());
  }

  /** A supervisor that could not be reached, or whose connection broke. */
  public static final class Lost extends SupervisorException {
    public Lost(SandboxId sandbox, String message, @Nullable Throwable cause) {
      super(sandbox, SupervisorErrorCode.SUPERVISOR_LOST, of(sandbox), message, cause);
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
      super(sandbox, SupervisorErrorCode.SUPERVISOR_LOST, of(sandbox), why, null);
    }
  }

  /** A supervisor of an older version, which does not know all of what was asked. */
  public static final class TooOld extends SupervisorException {
    /**
     * Creates an exception that says what the supervisor does not know.
     *
     * @param version of the supervisor's kit, as it greets
     * @param lacks the request, or the part of one
     */
    public TooOld(SandboxId sandbox, String version, String lacks) {
      super(
          sandbox,
          SupervisorErrorCode.SUPERVISOR_TOO_OLD,
          Map.of("sandbox", sandbox.value(), "kit", version, "lacks", lacks),
          "The supervisor of "
              + sandbox
              + " has an older version ("
              + version
              + ") and does not support "
              + lacks
              + "; create a new sandbox",
          null);
    }
  }

  /** A supervisor of a newer version, which answered what is not known here. */
  public static final class TooNew extends SupervisorException {
    /**
     * Creates an exception that says what is not known here.
     *
     * @param version of the supervisor's kit, as it greets
     */
    public TooNew(SandboxId sandbox, String version, Throwable cause) {
      super(
          sandbox,
          SupervisorErrorCode.SUPERVISOR_TOO_NEW,
          Map.of("sandbox", sandbox.value(), "kit", version),
          "The supervisor of "
              + sandbox
              + " has a newer version ("
              + version
              + ") than this service, which does not know its answer ("
              + cause.getMessage()
              + ")",
          cause);
    }
  }

  /** A refusal by the supervisor, which answered and said no. */
  public static final class Refused extends SupervisorException {
    /** The code of the refusal, as far as it is known; {@link #code()} has its name in any case. */
    public final RefusalCode reason;

    /** Creates the exception for a supervisor's answer. */
    public Refused(SandboxId sandbox, Answer.Refused answer) {
      this(sandbox, RefusalCode.of(answer.code()), answer.code(), answer.message());
    }

    /** Creates a refusal by the service itself, which answers for an ended sandbox. */
    public Refused(SandboxId sandbox, RefusalCode reason, String message) {
      this(sandbox, reason, reason.name(), message);
    }

    private Refused(SandboxId sandbox, RefusalCode reason, String name, String message) {
      super(sandbox, relayed(reason, name), of(sandbox), message, null);
      this.reason = reason;
    }

    private static ErrorCode relayed(RefusalCode reason, String name) {
      ErrorKind kind = reason == RefusalCode.OUTPUT_LOST ? ErrorKind.GONE : ErrorKind.IMPOSSIBLE;
      return new RelayedCode(name, kind, reason.meaning());
    }
  }
}
