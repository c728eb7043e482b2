package dev.caisson.session;

import dev.caisson.error.CaissonException;
import dev.caisson.sandbox.SandboxId;
import java.util.Map;

/** An error that concerns a session. */
public abstract sealed class SessionException extends CaissonException {

  private SessionException(SessionErrorCode code, Map<String, ?> details, String message) {
    super(code, details, message, null);
  }

  private static Map<String, ?> of(SandboxId sandbox, String session) {
    return Map.of("sandbox", sandbox.value(), "session", session);
  }

  /** A session that does not exist. */
  public static final class NotFound extends SessionException {
    public NotFound(SandboxId sandbox, String session) {
      super(
          SessionErrorCode.SESSION_NOT_FOUND,
          of(sandbox, session),
          "Sandbox " + sandbox + " has no session " + session);
    }
  }

  /** A new session with the name of another. */
  public static final class Exists extends SessionException {
    public Exists(SandboxId sandbox, String session) {
      super(
          SessionErrorCode.SESSION_EXISTS,
          of(sandbox, session),
          "Sandbox " + sandbox + " already has a session " + session + ": delete it, or use it");
    }
  }

  /** A session that the system did not let begin. */
  public static final class NotMade extends SessionException {
    /**
     * Creates an exception that says why.
     *
     * @param reason the code of the supervisor's refusal, or {@code EXITED} of the session's shell
     */
    public NotMade(SandboxId sandbox, String session, String reason, String why) {
      super(
          SessionErrorCode.SESSION_NOT_MADE,
          Map.of("sandbox", sandbox.value(), "session", session, "reason", reason),
          "The session " + session + " could not start: " + why);
    }
  }
}
