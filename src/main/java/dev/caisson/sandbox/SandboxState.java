package dev.caisson.sandbox;

/** The state of a sandbox in its life. */
public enum SandboxState {
  STARTING,
  READY,
  ENDING,
  ENDED,
  FAILED;

  /** An event in the life of a sandbox. */
  public enum Event {
    /** The first answer of the supervisor. */
    ANSWERED,
    /** The failure to bring the sandbox up. */
    START_FAILED,
    /** The request for the sandbox's end, from a caller or from the service. */
    END,
    /** The removal of the last of the sandbox from the engine. */
    GONE
  }

  /** Returns whether nothing can happen to the sandbox any more. */
  public boolean isTerminal() {
    return this == ENDED || this == FAILED;
  }

  /**
   * Returns the state that follows an event.
   *
   * @throws IllegalStateException if the event cannot happen in this state
   */
  public SandboxState next(Event event) {
    return switch (this) {
      case STARTING ->
          switch (event) {
            case ANSWERED -> READY;
            case START_FAILED -> FAILED;
            case END -> ENDING;
            case GONE -> throw illegal(event);
          };
      case READY ->
          switch (event) {
            case END -> ENDING;
            case ANSWERED, START_FAILED, GONE -> throw illegal(event);
          };
      case ENDING ->
          switch (event) {
            case GONE -> ENDED;
            case END -> ENDING;
            case ANSWERED, START_FAILED -> throw illegal(event);
          };
      case ENDED, FAILED -> throw illegal(event);
    };
  }

  private IllegalStateException illegal(Event event) {
    return new IllegalStateException(event + " cannot happen to a sandbox that is " + this);
  }
}
