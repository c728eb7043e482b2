package dev.caisson.lifecycle;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.DaemonStatus;
import org.jspecify.annotations.Nullable;

/** Told when a sandbox's Docker daemon changes, by the writer of that sandbox, in order. */
public interface DaemonListener {

  /**
   * The daemon changed.
   *
   * @param before null when it is heard of for the first time
   */
  void changed(SandboxId sandbox, @Nullable DaemonStatus before, DaemonStatus now);
}
