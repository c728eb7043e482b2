package dev.caisson.forward;

import dev.caisson.sandbox.SandboxId;

/** What can go wrong with a forward. */
public abstract sealed class ForwardException extends RuntimeException {
  public final SandboxId sandbox;

  private ForwardException(SandboxId sandbox, String message) {
    super(message);
    this.sandbox = sandbox;
  }

  /** There is none, or it is closed. */
  public static final class NotFound extends ForwardException {
    public NotFound(SandboxId sandbox, String what) {
      super(sandbox, "Sandbox " + sandbox + " has no " + what + ", or it is closed");
    }
  }

  /** The operator has switched them off. */
  public static final class Disabled extends ForwardException {
    public Disabled(SandboxId sandbox) {
      super(sandbox, "Forwards are switched off here: caisson.forward.enabled is false");
    }
  }

  /** The sandbox has as many as it may have. */
  public static final class TooMany extends ForwardException {
    public final int most;

    public TooMany(SandboxId sandbox, int most) {
      super(sandbox, "Sandbox " + sandbox + " has " + most + " forwards: close some first");
      this.most = most;
    }
  }

  /** The host does not let it listen there. */
  public static final class NotListening extends ForwardException {
    public final String address;

    public NotListening(SandboxId sandbox, String address, String reason) {
      super(sandbox, "Cannot listen on " + address + ": " + reason);
      this.address = address;
    }
  }
}
