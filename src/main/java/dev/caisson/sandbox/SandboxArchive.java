package dev.caisson.sandbox;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.stereotype.Component;

/**
 * Copies the process records and journals out of a container before it is removed, so that output
 * outlives its sandbox. The container's root can have written anything there: only plain files
 * whose names are a supervisor's are taken, and no link is followed or made.
 */
@Component
final class SandboxArchive {
  /** Where the supervisor keeps them in every sandbox. */
  static final String PROCESSES = "/var/lib/caisson/processes";

  private static final Pattern FILE =
      Pattern.compile("processes/([A-Za-z0-9-]{1,32})/([A-Za-z0-9.-]{1,64})");

  /** More than a supervisor's own bound, so that only a forged archive meets it. */
  private static final long MAX_BYTES = 4L << 30;

  /**
   * Takes what is there.
   *
   * @throws IOException if it cannot be written here; what was taken until then stays
   */
  void take(Engine engine, String container, Path target) throws IOException {
    Files.createDirectories(target);
    long left = MAX_BYTES;
    try (InputStream in = engine.read(container, PROCESSES);
        TarArchiveInputStream tar = new TarArchiveInputStream(new BufferedInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry();
          entry != null && left > 0;
          entry = tar.getNextEntry()) {
        Matcher name = FILE.matcher(entry.getName());
        if (entry.isFile() && !entry.isSparse() && name.matches()) {
          Path directory = Files.createDirectories(target.resolve(name.group(1)));
          left -= copy(tar, directory.resolve(name.group(2)), left);
        }
      }
    }
  }

  private static long copy(InputStream from, Path to, long most) throws IOException {
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    byte[] buffer = new byte[64 << 10];
    long copied = 0;
    try (OutputStream out = Files.newOutputStream(to)) {
      for (int n = from.read(buffer); n >= 0 && copied < most; n = from.read(buffer)) {
        out.write(buffer, 0, n);
        copied += n;
      }
    }
    return copied;
  }
}
