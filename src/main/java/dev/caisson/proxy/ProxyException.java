package dev.caisson.proxy;

import dev.caisson.sandbox.SandboxId;

/** What can go wrong with a request that is passed on into a sandbox. */
public abstract sealed class ProxyException extends RuntimeException {
  private ProxyException(String message) {
    super(message);
  }

  private ProxyException(String message, Throwable cause) {
    super(message, cause);
  }

  /** What is asked in the sandbox did not answer in HTTP, or went away before it had. */
  public static final class NoAnswer extends ProxyException {
    NoAnswer(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The head of the answer did not come in time. */
  public static final class Late extends ProxyException {
    Late(Terms terms) {
      super("What listens there did not begin its answer within " + terms.patience());
    }
  }

  /** A tunnel was asked for by something that does not speak WebSocket. */
  public static final class NoWebSocket extends ProxyException {
    NoWebSocket() {
      super("must be websocket");
    }
  }

  /** The sandbox has as many exchanges as it may have. */
  public static final class TooMany extends ProxyException {
    public final SandboxId sandbox;

    TooMany(SandboxId sandbox) {
      super("Sandbox " + sandbox + " has as many requests under way as it may have: try again");
      this.sandbox = sandbox;
    }
  }
}
