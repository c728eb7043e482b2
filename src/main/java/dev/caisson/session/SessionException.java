package dev.caisson.session;

import dev.caisson.sandbox.SandboxId;

/** An error that concerns a session. */
public abstract sealed class SessionException extends RuntimeException {
  public final SandboxId sandbox;
  public final String session;

  private SessionException(SandboxId sandbox, String session, String message) {
    super(message);
    this.sandbox = sandbox;
    this.session = session;
  }

  /** A session that does not exist. */
  public static final class NotFound extends SessionException {
    public NotFound(SandboxId sandbox, String session) {
      super(sandbox, session, "Sandbox " + sandbox + " has no session " + session);
    }
  }

  /** A new session with the name of another. */
  public static final class Exists extends SessionException {
    public Exists(SandboxId sandbox, String session) {
      super(
          sandbox,
          session,
          "Sandbox " + sandbox + " has a session " + session + " already: delete it, or use it");
    }
  }

  /** A session that the system did not let begin. */
  public static final class NotMade extends SessionException {
    /** The system error's name, {@code NO_SUCH_USER}, or {@code EXITED} of its shell. */
    public final String code;

    public NotMade(SandboxId sandbox, String session, String code, String why) {
      super(sandbox, session, "The session " + session + " could not begin: " + why);
      this.code = code;
    }
  }
}
