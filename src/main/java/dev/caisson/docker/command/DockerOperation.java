package dev.caisson.docker.command;

import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An operation of the Docker CLI in a sandbox: it becomes a process there. */
public interface DockerOperation {

  /** Returns the process, whose arguments have been checked: none can be taken for an option. */
  Request.Start toStart();

  /**
   * Returns the process for a sandbox whose kit lacks the program of {@link #toStart}: a sandbox
   * outlives versions of the service. Null if there is none.
   */
  default Request.@Nullable Start toStartOfOlderKit() {
    return null;
  }

  /**
   * Returns the start with a mark that sets it apart from any other; a repeated start has another
   * mark.
   */
  default Request.Start unique(Request.Start start) {
    return start;
  }

  /** Returns whether the process runs in the background; null for no. */
  @Nullable Boolean background();

  /**
   * Returns how long the daemon may take to be ready, before the operation begins; null for the
   * usual time.
   */
  @Nullable Duration waitForReady();

  /** Returns whether this exit code may come of a registry that could not be reached. */
  default boolean isPullFailure(int code) {
    return false;
  }
}
