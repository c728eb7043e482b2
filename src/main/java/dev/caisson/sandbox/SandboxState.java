package dev.caisson.sandbox;

/** Where a sandbox stands in its life. */
public enum SandboxState {
  STARTING,
  READY,
  ENDING,
  ENDED,
  FAILED;

  /** What can happen to a sandbox. */
  public enum Event {
    /** Its supervisor answered. */
    ANSWERED,
    /** It could not be brought up. */
    START_FAILED,
    /** Somebody or something wants it to end. */
    END,
    /** Nothing of it is left on the engine. */
    GONE
  }

  /** Whether nothing can happen to it any more. */
  public boolean isTerminal() {
    return this == ENDED || this == FAILED;
  }

  /**
   * The state that follows.
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
