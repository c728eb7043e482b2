package dev.caisson.docker;

import dev.caisson.error.CaissonException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.DaemonStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An error that concerns the Docker daemon of a sandbox. */
public abstract sealed class DockerException extends CaissonException {

  private DockerException(DockerErrorCode code, Map<String, ?> details, String message) {
    super(code, details, message, null);
  }

  /** A sandbox that was made without a daemon. */
  public static final class Disabled extends DockerException {
    public Disabled(SandboxId sandbox) {
      super(
          DockerErrorCode.DOCKER_DISABLED,
          Map.of("sandbox", sandbox.value()),
          "Sandbox " + sandbox + " has no Docker: create one with \"docker\": {\"enabled\": true}");
    }
  }

  /** A daemon that does not answer, and did not within the time that was given. */
  public static final class NotReady extends DockerException {
    /** The reason, where it is known. */
    public final @Nullable String reason;

    /**
     * Creates an exception that says what the daemon does instead.
     *
     * @param retryAfter the time after which it may be worth asking again; null where the daemon
     *     does not come back by itself
     */
    public NotReady(SandboxId sandbox, DaemonStatus status, @Nullable Duration retryAfter) {
      super(
          DockerErrorCode.DOCKER_NOT_READY,
          details(sandbox, status, retryAfter),
          message(sandbox, status));
      this.reason = status.reason();
    }

    private static Map<String, ?> details(
        SandboxId sandbox, DaemonStatus status, @Nullable Duration retryAfter) {
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("sandbox", sandbox.value());
      details.put("state", status.state().name());
      if (status.logTail() != null) {
        details.put("logTail", status.logTail());
      }
      if (retryAfter != null) {
        details.put("retryAfterMs", retryAfter.toMillis());
      }
      return details;
    }

    private static String message(SandboxId sandbox, DaemonStatus status) {
      String what =
          switch (status.state()) {
            case STARTING -> "is still starting";
            case READY -> "was ready only after the wait was over";
            case MUTE -> "is alive (pid " + status.pid() + ") but does not answer";
            case BACKING_OFF ->
                "crashed and will be started again, attempt "
                    + status.attempt()
                    + " of "
                    + status.attempts();
            case STOPPED -> "was stopped; POST …/docker/start starts it";
            case FAILED -> "has failed; POST …/docker/start tries again";
            case UNSUPPORTED -> "cannot run here";
            case DISABLED -> "is disabled";
          };
      String why = status.reason() == null ? "" : ": " + status.reason();
      return "The Docker daemon of sandbox " + sandbox + " " + what + why;
    }
  }

  /** A refusal by the daemon, which answered. */
  public static final class Refused extends DockerException {
    /** The status of the daemon's answer in HTTP. */
    public final int status;

    public Refused(SandboxId sandbox, int status, String message) {
      super(
          status == 404 ? DockerErrorCode.DOCKER_NOT_FOUND : DockerErrorCode.DOCKER_REFUSED,
          Map.of("sandbox", sandbox.value(), "daemonStatus", status),
          "The Docker daemon of sandbox " + sandbox + " says: " + message);
      this.status = status;
    }
  }

  /**
   * A client that is about to bring up a builder of its own, since it has not found the daemon's:
   * it asks for that at the root of this service, whatever path its DOCKER_HOST has.
   */
  public static final class BuilderByPath extends DockerException {
    public BuilderByPath(SandboxId sandbox) {
      this(
          sandbox,
          "A build with BuildKit needs an address without a path: run 'caisson forward "
              + sandbox
              + " 2375:engine' and set DOCKER_HOST=tcp://127.0.0.1:2375, or set DOCKER_BUILDKIT=0");
    }

    private BuilderByPath(SandboxId sandbox, String message) {
      super(
          DockerErrorCode.BUILD_NEEDS_PLAIN_ADDRESS,
          // Docker's clients show the field "message".
          Map.of("sandbox", sandbox.value(), "message", message),
          message);
    }
  }

  /** A daemon that was asked, and did not answer in time or in whole. */
  public static final class Silent extends DockerException {
    public Silent(SandboxId sandbox, String why) {
      super(
          DockerErrorCode.DOCKER_SILENT,
          Map.of("sandbox", sandbox.value()),
          "The Docker daemon of sandbox " + sandbox + " did not answer: " + why);
    }
  }
}
