package dev.caisson.proxy;

import dev.caisson.sandbox.SandboxId;

/** An error that concerns a request passed on into a sandbox. */
public abstract sealed class ProxyException extends RuntimeException {
  private ProxyException(String message) {
    super(message);
  }

  private ProxyException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A listener in the sandbox that did not answer in HTTP, or went away before it had. */
  public static final class NoAnswer extends ProxyException {
    NoAnswer(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** An answer whose head did not come in time. */
  public static final class Late extends ProxyException {
    Late(Terms terms) {
      super("What listens there did not begin its answer within " + terms.patience());
    }
  }

  /** A request for a tunnel by a client that does not speak WebSocket. */
  public static final class NoWebSocket extends ProxyException {
    NoWebSocket() {
      super("must be websocket");
    }
  }

  /** An exchange beyond the number that a sandbox may have. */
  public static final class TooMany extends ProxyException {
    public final SandboxId sandbox;

    TooMany(SandboxId sandbox) {
      super("Sandbox " + sandbox + " has as many requests under way as it may have: try again");
      this.sandbox = sandbox;
    }
  }
}
