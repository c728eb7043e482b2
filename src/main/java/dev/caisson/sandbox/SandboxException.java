package dev.caisson.sandbox;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A failure of a request about a sandbox. */
public abstract sealed class SandboxException extends RuntimeException {

  private SandboxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** A sandbox that does not exist, or is no longer kept. */
  public static final class NotFound extends SandboxException {
    public final String id;

    public NotFound(String id) {
      super("There is no sandbox " + id + ", or it is no longer kept", null);
      this.id = id;
    }
  }

  /** A sandbox that is not in a state in which this can be done. */
  public static final class NotReady extends SandboxException {
    public final SandboxId id;
    public final SandboxState state;

    public NotReady(SandboxId id, SandboxState state) {
      super("Sandbox " + id + " is " + state + ", this needs one that is READY", null);
      this.id = id;
      this.state = state;
    }
  }

  /**
   * A sandbox that could not be brought up; the image, the engine or the sandbox's own supervisor
   * says why.
   */
  public static final class StartFailed extends SandboxException {
    public final SandboxId id;
    public final String code;

    public StartFailed(SandboxId id, String code, String message, @Nullable Throwable cause) {
      super(message, cause);
      this.id = id;
      this.code = code;
    }
  }

  /** A request that cannot work on this host, refused before anything was made. */
  public static sealed class Unsupported extends SandboxException {
    /** The reason as a word that stays the same, for programs. */
    public final String code;

    public final String reason;

    /** The advice on what to do about it, if anything can be done. */
    public final @Nullable String remedy;

    public Unsupported(String code, String reason, @Nullable String remedy) {
      super("This host cannot do it: " + reason + (remedy == null ? "" : "; " + remedy), null);
      this.code = code;
      this.reason = reason;
      this.remedy = remedy;
    }
  }

  /** A kit that is not on the engine; it may be built meanwhile. */
  public static final class KitMissing extends Unsupported {
    public KitMissing() {
      super("KIT_MISSING", "the kit is not on the engine", "build it with kit/build.sh");
    }
  }

  /** A host with too little free disk for one more sandbox. */
  public static final class HostDiskFull extends SandboxException {
    public final Path path;

    public HostDiskFull(Path path, double free, double needed) {
      super(
          String.format(
              Locale.ROOT,
              "Only %.1f %% are free on the host's file system of %s, and a sandbox is made only"
                  + " where %.1f %% are: delete sandboxes, images or other files there, or enlarge"
                  + " it",
              100 * free,
              path,
              100 * needed),
          null);
      this.path = path;
    }
  }

  /** An idempotency key that was used for another request. */
  public static final class KeyReused extends SandboxException {
    public final SandboxId id;

    public KeyReused(SandboxId id) {
      super(
          "This Idempotency-Key was used for another request, which made sandbox "
              + id
              + ": take a new key for a new request",
          null);
      this.id = id;
    }
  }

  /** A database that does not answer: nothing can be recorded or looked up at the moment. */
  public static final class RecordsAway extends SandboxException {
    public RecordsAway(Throwable cause) {
      super("The database does not answer; try again", cause);
    }
  }

  /** A service that stops; the sandbox lives, and can be asked for again when it is back. */
  public static final class ServiceStopping extends SandboxException {
    public ServiceStopping() {
      super("The service stops; ask again when it is back", null);
    }
  }
}
