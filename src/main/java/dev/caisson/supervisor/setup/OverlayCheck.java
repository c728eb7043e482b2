package dev.caisson.supervisor.setup;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The check whether an overlay can be mounted on a directory: by a trial, since nothing else shows
 * it.
 */
final class OverlayCheck {
  private static final long MOUNT = LibC.function("mount");
  private static final long UNMOUNT = LibC.function("umount2");

  private OverlayCheck() {}

  /** Tries to mount an overlay; returns an empty text if it can be mounted, else why it cannot. */
  static String failure(Path on) {
    Path base = on.resolve("caisson-check");
    try {
      for (String name : new String[] {"lower", "upper", "work", "merged"}) {
        Files.createDirectories(base.resolve(name));
      }
    } catch (IOException e) {
      return "nothing can be written in " + on + ": " + e;
    }
    String options = "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(base);
    LibC libC = new LibC();
    try (Arena arena = Arena.ofConfined()) {
      long overlay = arena.allocateFrom("overlay").address();
      long target = arena.allocateFrom(base.resolve("merged").toString()).address();
      long data = arena.allocateFrom(options).address();
      if ((int) libC.call(MOUNT, overlay, target, overlay, 0, data) != 0) {
        return "an overlay cannot be mounted on " + on + ": " + Errno.name(libC.errno());
      }
      libC.call(UNMOUNT, target, 0);
      return "";
    }
  }
}
