package dev.caisson.docker;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.DaemonStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An error that concerns the Docker daemon of a sandbox. */
public abstract sealed class DockerException extends RuntimeException {
  public final SandboxId sandbox;

  private DockerException(SandboxId sandbox, String message) {
    super(message);
    this.sandbox = sandbox;
  }

  /** A sandbox that was made without a daemon. */
  public static final class Disabled extends DockerException {
    public Disabled(SandboxId sandbox) {
      super(
          sandbox,
          "Sandbox " + sandbox + " has no Docker: create one with \"docker\": {\"enabled\": true}");
    }
  }

  /** A daemon that does not answer, and did not within the time that was given. */
  public static final class NotReady extends DockerException {
    public final DaemonStatus.State state;

    /** The reason, where it is known. */
    public final @Nullable String reason;

    /** The last lines the daemon wrote. */
    public final @Nullable String logTail;

    /**
     * The time after which it may be worth asking again; null where the daemon does not come back
     * by itself.
     */
    public final @Nullable Duration retryAfter;

    public NotReady(SandboxId sandbox, DaemonStatus status, @Nullable Duration retryAfter) {
      super(sandbox, message(sandbox, status));
      this.state = status.state();
      this.reason = status.reason();
      this.logTail = status.logTail();
      this.retryAfter = retryAfter;
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
      super(sandbox, "The Docker daemon of sandbox " + sandbox + " says: " + message);
      this.status = status;
    }
  }

  /**
   * A client that is about to bring up a builder of its own, since it has not found the daemon's:
   * it asks for that at the root of this service, whatever path its DOCKER_HOST has.
   */
  public static final class BuilderByPath extends DockerException {
    public BuilderByPath(SandboxId sandbox) {
      super(
          sandbox,
          "A build with BuildKit needs an address without a path: run 'caisson forward "
              + sandbox
              + " 2375:engine' and set DOCKER_HOST=tcp://127.0.0.1:2375, or set DOCKER_BUILDKIT=0");
    }
  }

  /** A daemon that was asked, and did not answer in time or in whole. */
  public static final class Silent extends DockerException {
    public Silent(SandboxId sandbox, String why) {
      super(sandbox, "The Docker daemon of sandbox " + sandbox + " did not answer: " + why);
    }
  }
}
