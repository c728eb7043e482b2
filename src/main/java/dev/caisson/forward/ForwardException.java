package dev.caisson.forward;

import dev.caisson.error.CaissonException;
import dev.caisson.sandbox.SandboxId;
import java.util.Map;

/** An error that concerns a forward. */
public abstract sealed class ForwardException extends CaissonException {

  private ForwardException(ForwardErrorCode code, Map<String, ?> details, String message) {
    super(code, details, message, null);
  }

  private static Map<String, ?> of(SandboxId sandbox) {
    return Map.of("sandbox", sandbox.value());
  }

  /** A forward that does not exist, or is closed. */
  public static final class NotFound extends ForwardException {
    public NotFound(SandboxId sandbox, String what) {
      super(
          ForwardErrorCode.FORWARD_NOT_FOUND,
          of(sandbox),
          "Sandbox " + sandbox + " has no " + what + ", or it is closed");
    }
  }

  /** A forward on a service whose operator has switched forwards off. */
  public static final class Disabled extends ForwardException {
    public Disabled(SandboxId sandbox) {
      super(
          ForwardErrorCode.FORWARDS_DISABLED,
          of(sandbox),
          "Forwards are disabled on this service: caisson.forward.enabled is false");
    }
  }

  /** A forward beyond the number that a sandbox may have. */
  public static final class TooMany extends ForwardException {
    public TooMany(SandboxId sandbox, int most) {
      super(
          ForwardErrorCode.TOO_MANY_FORWARDS,
          of(sandbox),
          "Sandbox "
              + sandbox
              + " has "
              + most
              + " forwards, which is the maximum: close one first");
    }
  }

  /** An address on which the host does not let the service listen. */
  public static final class NotListening extends ForwardException {
    public NotListening(SandboxId sandbox, String address, String reason) {
      super(
          ForwardErrorCode.CANNOT_LISTEN,
          Map.of("sandbox", sandbox.value(), "address", address),
          "Cannot listen on " + address + ": " + reason);
    }
  }
}
