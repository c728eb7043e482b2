package dev.caisson.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place for directories that sandboxes could write into: out of the way at once, and removed in
 * the background, whatever is in them.
 *
 * <p>A tree is removed flat: what is a directory in one at the top is moved to the top itself. So
 * no path is ever longer than two names below the trash, however deep the tree is, and none leads
 * through a name that a sandbox could have made a link of.
 */
final class Trash {
  private static final Logger log = LoggerFactory.getLogger(Trash.class);

  private final Path top;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final AtomicBoolean sweeping = new AtomicBoolean();

  /**
   * @param top a directory that only the service writes, made if it is not there
   */
  Trash(Path top) {
    this.top = top;
    try {
      Files.createDirectories(
          top, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + top, e);
    }
  }

  /** Takes a file or directory of the same file system away from where it is. */
  void take(Path thing) throws IOException {
    move(thing);
    sweepSoon();
  }

  /** Goes on with what is in the trash, such as an earlier service has left. */
  void sweepSoon() {
    wanted.set(true);
    if (!sweeping.getAndSet(true)) {
      Thread.ofVirtual().name("trash").start(this::sweepAll);
    }
  }

  private void sweepAll() {
    do {
      try {
        while (wanted.getAndSet(false)) {
          sweep();
        }
      } finally {
        sweeping.set(false);
      }
      // Another thread may have wanted it between the last look and the end.
    } while (wanted.get() && !sweeping.getAndSet(true));
  }

  /**
   * Removes all that is in the trash; what cannot be removed is left, and tried again the next
   * time.
   */
  synchronized void sweep() {
    try {
      boolean progress = true;
      for (List<Path> left = list(top); progress && !left.isEmpty(); left = list(top)) {
        progress = false;
        for (Path thing : left) {
          progress |= remove(thing);
        }
      }
    } catch (IOException e) {
      log.warn("the trash {} cannot be emptied: {}", top, e.toString());
    }
  }

  private boolean remove(Path thing) {
    try {
      if (Files.isDirectory(thing, LinkOption.NOFOLLOW_LINKS)) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(thing)) {
          for (Path entry : entries) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
              move(entry);
            } else {
              Files.deleteIfExists(entry);
            }
          }
        }
      }
      Files.deleteIfExists(thing);
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      log.warn("{} cannot be removed: {}", thing, e.toString());
      return false;
    }
  }

  private void move(Path thing) throws IOException {
    Files.move(thing, top.resolve(UUID.randomUUID().toString()), StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<Path> list(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }
}
