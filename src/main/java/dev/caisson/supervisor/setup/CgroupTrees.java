package dev.caisson.supervisor.setup;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the sandbox's own cgroups usable for inner containers: writable, and on version 2 with
 * every controller handed down.
 */
public final class CgroupTrees {

  private static final String REMEDY =
      "; the sandbox needs a user namespace whose root owns its cgroup (runtime caisson), or"
          + " CAP_SYS_ADMIN in isolation mode capabilities";

  /** Processes are born while they are moved, so it may take more than one go. */
  private static final int ROUNDS = 100;

  private static final Duration BETWEEN = Duration.ofMillis(10);

  private final Path root;
  private final MountChange change;
  private final ProbePause pause;

  /**
   * @param root where the trees are mounted, {@code /sys/fs/cgroup}
   */
  public CgroupTrees(Path root, MountChange change, ProbePause pause) {
    this.root = root;
    this.change = change;
    this.pause = pause;
  }

  List<PreparationStep> prepare(List<MountPoint> mounts) throws InterruptedException {
    List<PreparationStep> steps = new ArrayList<>();
    for (MountPoint mount : mounts) {
      Path path = Path.of(mount.path());
      if (!path.startsWith(root)) {
        continue;
      }
      if (mount.type().equals("cgroup")) {
        steps.add(tree(mount, path));
      } else if (mount.type().equals("cgroup2") && path.equals(root)) {
        steps.add(unified(mount, path));
      }
      // A cgroup2 below the trees of version 1 has no controllers: Docker does not touch it.
    }
    if (steps.isEmpty()) {
      steps.add(PreparationStep.fatal("cgroups", "no cgroup is mounted under " + root));
    }
    return steps;
  }

  private PreparationStep tree(MountPoint mount, Path path) {
    String name = "cgroup " + path.getFileName();
    String remount = remount(mount);
    try {
      // The only honest question: a mount may say rw and the directory still be somebody else's.
      Path child = path.resolve("caisson-check");
      Files.createDirectory(child);
      Files.delete(child);
      return PreparationStep.done(name);
    } catch (IOException e) {
      return PreparationStep.fatal(
          name, "no cgroup can be made in " + path + " (" + why(e) + remount + ")" + REMEDY);
    }
  }

  private PreparationStep unified(MountPoint mount, Path path) throws InterruptedException {
    String name = "cgroup2";
    String remount = remount(mount);
    Path init = path.resolve("init");
    IOException last = new IOException("not tried");
    for (int round = 0; round < ROUNDS; round++) {
      try {
        Files.createDirectories(init);
        // A cgroup that hands controllers down may hold no processes itself.
        move(path, init);
        handDown(path);
        return PreparationStep.done(name);
      } catch (IOException e) {
        last = e;
        if (!String.valueOf(e.getMessage()).contains("busy")) {
          break;
        }
        pause.pause(BETWEEN);
      }
    }
    return PreparationStep.fatal(
        name,
        "its controllers cannot be handed to inner containers ("
            + why(last)
            + remount
            + ")"
            + REMEDY);
  }

  private static void move(Path from, Path to) throws IOException {
    for (String pid : Files.readAllLines(from.resolve("cgroup.procs"))) {
      try {
        write(to.resolve("cgroup.procs"), pid);
      } catch (IOException e) {
        // Who is still there makes the next step busy, which is tried again.
        Log.debug("process not moved to its cgroup", "pid", pid, "error", e);
      }
    }
  }

  private static void handDown(Path path) throws IOException {
    String controllers = Files.readString(path.resolve("cgroup.controllers")).strip();
    if (!controllers.isEmpty()) {
      write(path.resolve("cgroup.subtree_control"), "+" + controllers.replace(" ", " +"));
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.WRITE);
  }

  private String remount(MountPoint mount) {
    if (!mount.readOnly()) {
      return "";
    }
    int errno = change.makeWritable(mount);
    return errno == 0 ? "" : "; making the mount writable: " + Errno.name(errno);
  }

  private static String why(IOException e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
