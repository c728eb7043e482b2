package dev.caisson.lifecycle;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.DaemonStatus;
import org.jspecify.annotations.Nullable;

/** A listener to changes of a sandbox's Docker daemon, called in order by the sandbox's writer. */
public interface DaemonListener {

  /**
   * Handles a change of the daemon.
   *
   * @param before null at the first status that this service hears
   */
  void changed(SandboxId sandbox, @Nullable DaemonStatus before, DaemonStatus now);
}
