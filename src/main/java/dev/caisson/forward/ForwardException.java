package dev.caisson.forward;

import dev.caisson.sandbox.SandboxId;

/** An error that concerns a forward. */
public abstract sealed class ForwardException extends RuntimeException {
  public final SandboxId sandbox;

  private ForwardException(SandboxId sandbox, String message) {
    super(message);
    this.sandbox = sandbox;
  }

  /** A forward that does not exist, or is closed. */
  public static final class NotFound extends ForwardException {
    public NotFound(SandboxId sandbox, String what) {
      super(sandbox, "Sandbox " + sandbox + " has no " + what + ", or it is closed");
    }
  }

  /** A forward on a service whose operator has switched forwards off. */
  public static final class Disabled extends ForwardException {
    public Disabled(SandboxId sandbox) {
      super(sandbox, "Forwards are switched off here: caisson.forward.enabled is false");
    }
  }

  /** A forward beyond the number that a sandbox may have. */
  public static final class TooMany extends ForwardException {
    public final int most;

    public TooMany(SandboxId sandbox, int most) {
      super(sandbox, "Sandbox " + sandbox + " has " + most + " forwards: close some first");
      this.most = most;
    }
  }

  /** An address on which the host does not let the service listen. */
  public static final class NotListening extends ForwardException {
    public final String address;

    public NotListening(SandboxId sandbox, String address, String reason) {
      super(sandbox, "Cannot listen on " + address + ": " + reason);
      this.address = address;
    }
  }
}
