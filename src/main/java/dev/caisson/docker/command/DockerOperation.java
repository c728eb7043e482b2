package dev.caisson.docker.command;

import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What can be asked of the Docker CLI in a sandbox: it becomes a process there. */
public interface DockerOperation {

  /** The process, whose arguments have been checked: none can be taken for an option. */
  Request.Start toStart();

  /**
   * The process for a sandbox whose kit lacks the program of {@link #toStart}: it lives longer than
   * versions. Null if there is none.
   */
  default Request.@Nullable Start toStartOfOlderKit() {
    return null;
  }

  /** The same start with what tells this one from any other; a repeated start has another. */
  default Request.Start unique(Request.Start start) {
    return start;
  }

  /** How long the daemon may take to be ready, before it begins; null for the usual time. */
  @Nullable Duration waitForReady();

  /** Tells whether a registry that could not be reached may be why it ended with this exit code. */
  default boolean isPullFailure(int code) {
    return false;
  }
}
