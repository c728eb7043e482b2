package dev.caisson.supervisor.setup;

import dev.caisson.supervisor.system.LibC;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** The system call that changes mounts, {@code mount(2)}: the image may have no program for it. */
final class MountSystem implements MountChange {

  private static final long MOUNT = LibC.function("mount");

  private static final long MS_REMOUNT = 0x20;

  /** The flag without which the super block would be changed, which is busy, and the host's. */
  private static final long MS_BIND = 0x1000;

  /** The options that a remount repeats: it sets all anew, those not repeated are lost. */
  private static final Map<String, Long> KEPT =
      Map.of(
          "nosuid", 0x2L,
          "nodev", 0x4L,
          "noexec", 0x8L,
          "noatime", 0x400L,
          "nodiratime", 0x800L,
          "relatime", 0x200000L);

  private final LibC libC = new LibC();

  /** Shows a directory at another place, with the options of the mount it is on: 0 or the errno. */
  int bind(Path directory, Path place) {
    try (Arena arena = Arena.ofConfined()) {
      long source = arena.allocateFrom(directory.toString(), StandardCharsets.UTF_8).address();
      long target = arena.allocateFrom(place.toString(), StandardCharsets.UTF_8).address();
      return (int) libC.call(MOUNT, source, target, 0, MS_BIND, 0) == 0 ? 0 : libC.errno();
    }
  }

  @Override
  public int makeWritable(MountPoint mount) {
    long flags = MS_REMOUNT | MS_BIND;
    for (String option : mount.options()) {
      flags |= KEPT.getOrDefault(option, 0L);
    }
    try (Arena arena = Arena.ofConfined()) {
      long target = arena.allocateFrom(mount.path(), StandardCharsets.UTF_8).address();
      long none = arena.allocateFrom("none").address();
      return (int) libC.call(MOUNT, none, target, 0, flags, 0) == 0 ? 0 : libC.errno();
    }
  }
}
