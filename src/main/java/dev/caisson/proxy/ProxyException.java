package dev.caisson.proxy;

import dev.caisson.error.CaissonException;
import dev.caisson.error.FieldError;
import dev.caisson.sandbox.SandboxId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An error that concerns a request passed on into a sandbox. */
public abstract sealed class ProxyException extends CaissonException {
  private ProxyException(
      ProxyErrorCode code, Map<String, ?> details, String message, @Nullable Throwable cause) {
    super(code, details, message, cause);
  }

  private ProxyException(FieldError field) {
    super(field, null);
  }

  /** A listener in the sandbox that did not answer in HTTP, or went away before it had. */
  public static final class NoAnswer extends ProxyException {
    NoAnswer(String message, Throwable cause) {
      super(ProxyErrorCode.NOT_HTTP, Map.of(), message, cause);
    }
  }

  /** An answer whose head did not come in time. */
  public static final class Late extends ProxyException {
    Late(Terms terms) {
      super(
          ProxyErrorCode.ANSWER_TIMEOUT,
          Map.of(),
          "The program that listens there did not begin its answer within " + terms.patience(),
          null);
    }
  }

  /** A request for a tunnel by a client that does not speak WebSocket. */
  public static final class NoWebSocket extends ProxyException {
    NoWebSocket() {
      super(new FieldError("Upgrade", "must be websocket"));
    }
  }

  /** An exchange beyond the number that a sandbox may have. */
  public static final class TooMany extends ProxyException {
    TooMany(SandboxId sandbox) {
      super(
          ProxyErrorCode.TOO_MANY_REQUESTS_UNDER_WAY,
          Map.of("sandbox", sandbox.value(), "retryAfterMs", 1000),
          "Sandbox " + sandbox + " has the maximum number of requests in progress: try again",
          null);
    }
  }
}
