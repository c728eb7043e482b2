package dev.caisson.sandbox;

import dev.caisson.error.CaissonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A failure of the container engine. */
public abstract sealed class EngineException extends CaissonException {

  private EngineException(
      EngineErrorCode code, Map<String, ?> details, String message, @Nullable Throwable cause) {
    super(code, details, message, cause);
  }

  /** An engine that could not be reached, or did not answer in time: it may be back later. */
  public static final class Unreachable extends EngineException {
    public Unreachable(String message, @Nullable Throwable cause) {
      super(EngineErrorCode.ENGINE_UNREACHABLE, Map.of("retryAfterMs", 5000), message, cause);
    }
  }

  /** A refusal by the engine or its host, which answered and said no. */
  public static final class Refused extends EngineException {
    /** The HTTP status of the refusal, or 0 where it was no HTTP answer. */
    public final int status;

    public Refused(int status, String message, @Nullable Throwable cause) {
      super(EngineErrorCode.ENGINE_REFUSED, Map.of("engineStatus", status), message, cause);
      this.status = status;
    }
  }

  /** An image that is not there, and whose registry the service does not ask for anything. */
  public static final class RegistryNotAllowed extends EngineException {
    public RegistryNotAllowed(String image, String registry) {
      super(
          EngineErrorCode.REGISTRY_NOT_ALLOWED,
          Map.of("image", image, "registry", registry),
          "Image "
              + image
              + " is not on the engine, and this service does not pull from its registry "
              + registry
              + ": the operator lists the allowed registries in"
              + " caisson.sandbox.images.registries",
          null);
    }
  }

  /** An image that cannot be had. */
  public static final class NoImage extends EngineException {
    /**
     * Creates an exception that says why.
     *
     * @param code {@code NO_SUCH_IMAGE}, {@code NO_SUCH_REGISTRY}, {@code NO_SPACE}, {@code
     *     TOO_FEW_USERS} or {@code PULL_FAILED}
     */
    public NoImage(EngineErrorCode code, String image, String message, @Nullable Throwable cause) {
      super(code, Map.of("image", image), message, cause);
    }
  }
}
