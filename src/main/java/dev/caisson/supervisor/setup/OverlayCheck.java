package dev.caisson.supervisor.setup;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether an overlay can be mounted on a directory: tried, since nothing else tells. */
final class OverlayCheck {
  private static final long MOUNT = LibC.function("mount");
  private static final long UNMOUNT = LibC.function("umount2");

  private OverlayCheck() {}

  /** Empty if it can, else why it cannot. */
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
      if ((int) libC.call(MOUNT, overlay, target, overlay, 0, data, 0) != 0) {
        return "an overlay cannot be mounted on " + on + ": " + Errno.name(libC.errno());
      }
      libC.call(UNMOUNT, target, 0, 0, 0, 0, 0);
      return "";
    }
  }
}
