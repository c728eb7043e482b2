package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.DiskUse;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The log of one sandbox, written by its one writer, and published as events. */
public interface SandboxHistory {

  /**
   * Records a change, with the event that reports it, and returns when both are committed.
   *
   * @param known run then, before the event can be read
   */
  void save(Sandbox sandbox, @Nullable String container, Runnable known);

  /** Publishes, soon, how far the pull of the sandbox's image has come. */
  void pulling(String image, String progress);

  /** Publishes, soon, that the sandbox's Docker daemon has another state. */
  void daemon(DaemonStatus status);

  /**
   * Publishes, soon, that the sandbox's disk is nearly full, full, or no longer so.
   *
   * @param level of the disk from here on
   */
  void disk(DiskLevel level, DiskUse use);

  /** Remembers which processes were seen before the service was started. */
  void recall();

  /** Records a process, and publishes it, soon, if that is news. */
  void saw(ProcessInfo process);

  /**
   * Keeps what is in this tar of the sandbox's processes, in place of what a try before has taken.
   *
   * @throws IOException if it cannot be read or written; nothing is kept then
   */
  void keep(InputStream tar) throws IOException;

  /**
   * Keeps what the last try to read the tar has taken, though it could not be read whole: that is
   * better than nothing.
   */
  void keepPart();
}
