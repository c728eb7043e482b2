package dev.caisson.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seal that keeps a sandbox from writing into the directory of its socket, which is of the
 * host's file system: put on as soon as the supervisor has bound the socket, before any program of
 * the sandbox runs.
 *
 * <p>Where the engine remaps users the directory becomes the host root's, over whose files a
 * remapped root has no power. Where the sandbox's root is the host's it is made immutable, which
 * takes a capability to undo (CAP_LINUX_IMMUTABLE) that no sandbox has.
 */
final class Seal {
  private static final Logger log = LoggerFactory.getLogger(Seal.class);
  private static final String REMAPPED = "r-xr-xr-x";

  private final AtomicBoolean told = new AtomicBoolean();

  /** Seals a directory, if it can be; one that is sealed stays so. */
  void put(Path directory) {
    try {
      if ((int) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS) != 0) {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(REMAPPED));
        Files.setAttribute(directory, "unix:uid", 0, LinkOption.NOFOLLOW_LINKS);
      } else if (!isRemapped(directory)) {
        InodeFlags.immutable(directory, true);
      }
    } catch (IOException e) {
      if (!told.getAndSet(true)) {
        log.warn(
            "the socket directories of sandboxes cannot be sealed ({}): root in a sandbox can fill"
                + " the file system of {}; give the service CAP_LINUX_IMMUTABLE, on a file system"
                + " that has the immutable flag (ext4, xfs, btrfs)",
            e.getMessage(),
            directory.getParent());
      }
    }
  }

  /** Takes the seal off again, so that the directory can be moved and removed. */
  void remove(Path directory) throws IOException {
    if (!isRemapped(directory)) {
      InodeFlags.immutable(directory, false);
    }
  }

  private static boolean isRemapped(Path directory) throws IOException {
    return PosixFilePermissions.toString(
            Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS))
        .equals(REMAPPED);
  }
}
