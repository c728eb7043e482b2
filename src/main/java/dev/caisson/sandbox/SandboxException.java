package dev.caisson.sandbox;

import dev.caisson.error.CaissonException;
import dev.caisson.error.CommonErrorCode;
import dev.caisson.error.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A failure of a request about a sandbox. */
public abstract sealed class SandboxException extends CaissonException {

  private SandboxException(
      ErrorCode code, Map<String, ?> details, String message, @Nullable Throwable cause) {
    super(code, details, message, cause);
  }

  /** A sandbox that does not exist, or is no longer kept. */
  public static final class NotFound extends SandboxException {
    public NotFound(String id) {
      super(
          SandboxErrorCode.SANDBOX_NOT_FOUND,
          Map.of("sandbox", id),
          "There is no sandbox " + id + ", or its record is no longer kept",
          null);
    }
  }

  /** A sandbox that is not in a state in which this can be done. */
  public static final class NotReady extends SandboxException {
    public NotReady(SandboxId id, SandboxState state) {
      super(
          SandboxErrorCode.SANDBOX_NOT_READY,
          Map.of("sandbox", id.value(), "state", state.name()),
          "Sandbox " + id + " is " + state + ", but must be READY",
          null);
    }
  }

  /**
   * A sandbox that could not be brought up; the image, the engine or the sandbox's own supervisor
   * says why.
   */
  public static final class StartFailed extends SandboxException {
    /**
     * Creates an exception that says why.
     *
     * @param code {@code START_FAILED} or {@code SUPERVISOR_SILENT}
     */
    public StartFailed(
        SandboxId id, SandboxErrorCode code, String message, @Nullable Throwable cause) {
      super(code, Map.of("sandbox", id.value()), message, cause);
    }
  }

  /** A request that cannot work on this host, refused before anything was made. */
  public static sealed class Unsupported extends SandboxException {
    /**
     * Creates an exception that says why.
     *
     * @param remedy what to do about it, if anything can be done
     */
    public Unsupported(SandboxErrorCode code, String reason, @Nullable String remedy) {
      super(
          code,
          remedy == null ? Map.of("reason", reason) : Map.of("reason", reason, "remedy", remedy),
          "This is not possible on this host: " + reason + (remedy == null ? "" : "; " + remedy),
          null);
    }
  }

  /** A kit that is not on the engine; it may be built meanwhile. */
  public static final class KitMissing extends Unsupported {
    public KitMissing() {
      super(
          SandboxErrorCode.KIT_MISSING,
          "the kit is not on the engine",
          "build it with kit/build.sh");
    }
  }

  /** A host with too little free disk for one more sandbox. */
  public static final class HostDiskFull extends SandboxException {
    public HostDiskFull(Path path, double free, double needed) {
      super(
          SandboxErrorCode.HOST_DISK_FULL,
          Map.of("fileSystem", path.toString(), "retryAfterMs", 60_000),
          String.format(
              Locale.ROOT,
              "Only %.1f %% of the host's file system of %s is free, and a new sandbox needs %.1f %%:"
                  + " delete sandboxes, images or other files there, or enlarge it",
              100 * free,
              path,
              100 * needed),
          null);
    }
  }

  /** A queue of starts that is full: the sandbox was neither recorded nor made. */
  public static final class TooManyStarts extends SandboxException {
    /** The time in which several starts have left the queue. */
    private static final Duration SOON = Duration.ofSeconds(5);

    public TooManyStarts(int there) {
      super(
          SandboxErrorCode.TOO_MANY_STARTS,
          Map.of("retryAfterMs", SOON.toMillis()),
          there + " sandboxes are being started or wait for that; try again later",
          null);
    }
  }

  /** An idempotency key that was used for another request. */
  public static final class KeyReused extends SandboxException {
    public KeyReused(SandboxId id) {
      super(
          CommonErrorCode.IDEMPOTENCY_KEY_REUSED,
          Map.of("sandbox", id.value()),
          "This Idempotency-Key was used for another request, which created sandbox "
              + id
              + ": use a new key for a new request",
          null);
    }
  }

  /** A database that does not answer: nothing can be recorded or looked up at the moment. */
  public static final class RecordsAway extends SandboxException {
    public RecordsAway(Throwable cause) {
      super(
          SandboxErrorCode.DATABASE_UNREACHABLE,
          Map.of("retryAfterMs", 5000),
          "The database does not answer; try again later",
          cause);
    }
  }

  /** A service that stops; the sandbox lives, and can be asked for again when it is back. */
  public static final class ServiceStopping extends SandboxException {
    /** The time for which a service that stops is usually away. */
    private static final Duration AWAY = Duration.ofSeconds(5);

    public ServiceStopping() {
      super(
          SandboxErrorCode.SERVICE_STOPPING,
          Map.of("retryAfterMs", AWAY.toMillis()),
          "The service is stopping; try again when it is back",
          null);
    }
  }
}
