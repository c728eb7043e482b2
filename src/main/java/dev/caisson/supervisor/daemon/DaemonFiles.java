package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.system.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;

/**
 * The files that dead daemons leave behind and the next ones stumble over, and what is done to the
 * living ones'.
 */
final class DaemonFiles {

  private final DaemonLayout layout;
  private final Path proc;

  /**
   * @param proc {@code /proc}; another one only in tests
   */
  DaemonFiles(DaemonLayout layout, Path proc) {
    this.layout = layout;
    this.proc = proc;
  }

  /** Removes what a dead containerd left; called when no containerd of ours lives. */
  void forgetContainerd() {
    // A socket nobody listens on refuses, and dockerd then waits a second before it tries again;
    // one
    // that is not there is looked for every 10 ms.
    delete(layout.containerdSocket());
    delete(layout.containerdState().resolve("containerd.sock.ttrpc"));
  }

  /** Removes what a dead dockerd left; called when no dockerd of ours lives. */
  void forgetDockerd() {
    // dockerd believes any living pid to be itself, waits 15 s and ends.
    if (!livesAsDockerd(layout.dockerPidFile())) {
      delete(layout.dockerPidFile());
      delete(layout.dockerSocket());
    }
  }

  /**
   * Opens the socket to every user of the sandbox, as which any of its processes may be started:
   * between them there is no border, the sandbox is the border.
   */
  void openSocket() {
    try {
      Files.setPosixFilePermissions(
          layout.dockerSocket(), PosixFilePermissions.fromString("rw-rw-rw-"));
    } catch (IOException e) {
      Log.warn("the docker socket is root's alone", "error", e);
    }
  }

  /** Lets the system look for another victim when memory is short, where it may. */
  void protect(long pid) {
    try {
      Files.writeString(proc.resolve(pid + "/oom_score_adj"), "-500");
    } catch (IOException e) {
      // Without CAP_SYS_RESOURCE (every isolation mode with user namespaces) it cannot be lowered.
      Log.debug("oom score not lowered", "pid", pid, "error", e);
    }
  }

  /** Returns whether a daemon is stopped (STOP, a debugger): it can neither answer nor end then. */
  boolean isStopped(long pid) {
    try {
      String stat = Files.readString(proc.resolve(pid + "/stat"));
      // The name before it may hold anything, a parenthesis too.
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state == 'T' || state == 't';
    } catch (IOException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  private boolean livesAsDockerd(Path pidFile) {
    OptionalLong pid = pid(pidFile);
    if (pid.isEmpty()) {
      return false;
    }
    try {
      return Files.readString(proc.resolve(pid.getAsLong() + "/comm")).strip().equals("dockerd");
    } catch (IOException e) {
      return false;
    }
  }

  private static OptionalLong pid(Path pidFile) {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(pidFile).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The daemon that cannot replace it either will say so in its own log.
      Log.warn("stale file not removed", "path", path, "error", e);
    }
  }
}
