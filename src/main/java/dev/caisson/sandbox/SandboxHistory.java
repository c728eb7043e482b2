package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.DiskUse;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** What is written down about one sandbox, by its one writer, and told as events. */
public interface SandboxHistory {

  /**
   * Records a change, with the event that tells of it, and returns when both are committed.
   *
   * @param known run then, before anybody reads the event
   */
  void save(Sandbox sandbox, @Nullable String container, Runnable known);

  /** Tells, soon, how far the pull of its image has come. */
  void pulling(String image, String progress);

  /** Tells, soon, that its Docker daemon has another state. */
  void daemon(DaemonStatus status);

  /**
   * Tells, soon, that its disk is nearly full, full, or no longer so.
   *
   * @param level of it from here on
   */
  void disk(DiskLevel level, DiskUse use);

  /** Remembers which processes were seen before the service was started. */
  void recall();

  /** Records a process, and tells of it, soon, if that is news. */
  void saw(ProcessInfo process);

  /**
   * Keeps what is in this tar of its processes, in place of what a try before has taken.
   *
   * @throws IOException if it cannot be read or written; nothing is kept then
   */
  void keep(InputStream tar) throws IOException;

  /** After the last try to read it whole: what was taken is better than nothing. */
  void keepPart();
}
