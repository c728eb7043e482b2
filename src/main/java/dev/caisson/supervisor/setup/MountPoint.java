package dev.caisson.supervisor.setup;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A mount as {@code /proc/self/mountinfo} lists it.
 *
 * @param options of the mount itself, such as {@code ro} and {@code nosuid}
 * @param type of its file system
 */
public record MountPoint(String path, Set<String> options, String type) {

  /** Reads all lines; one that cannot be understood is left out. */
  static List<MountPoint> parse(List<String> mountinfo) {
    return mountinfo.stream().map(MountPoint::parse).flatMap(Optional::stream).toList();
  }

  private static Optional<MountPoint> parse(String line) {
    // Between the options and the dash stands any number of optional fields.
    int dash = line.indexOf(" - ");
    String[] before = line.split(" ", -1);
    if (dash < 0 || before.length < 6) {
      return Optional.empty();
    }
    String type = line.substring(dash + 3).split(" ", 2)[0];
    return Optional.of(new MountPoint(unescape(before[4]), Set.of(before[5].split(",", -1)), type));
  }

  /** Replaces the octal codes in which the kernel writes blanks and the like. */
  private static String unescape(String path) {
    return path.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }

  /**
   * Finds the mount a path lies on: the longest, and of those the last, which covers the others.
   */
  static Optional<MountPoint> of(Path path, List<MountPoint> mounts) {
    return mounts.stream()
        .filter(mount -> path.startsWith(Path.of(mount.path)))
        .reduce((one, other) -> other.path.length() >= one.path.length() ? other : one);
  }

  boolean readOnly() {
    return options.contains("ro");
  }
}
