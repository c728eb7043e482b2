package dev.caisson.history;

import dev.caisson.archive.TarEntries;
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
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The copying of process records and journals out of a tar of a sandbox. The sandbox's root can
 * have written anything there: only plain files whose names are a supervisor's are taken, the first
 * of each name, and no link is followed or made.
 */
final class SandboxArchive {
  private static final Pattern FILE =
      Pattern.compile("processes/([A-Za-z0-9-]{1,32})/(record|[0-9]{19}\\.journal)");

  /**
   * The most bytes, more than a supervisor's own bounds, so that only a forged archive meets them.
   */
  private static final long MAX_BYTES = 4L << 30;

  private static final int MAX_FILES = 200_000;

  private final long maxBytes;

  SandboxArchive() {
    this(MAX_BYTES);
  }

  SandboxArchive(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes the records and journals that are there.
   *
   * @return how many bytes that is
   * @throws IOException if it cannot be read or written; what was taken until then stays
   */
  long take(InputStream in, Path target) throws IOException {
    Files.createDirectories(target);
    long taken = 0;
    int files = 0;
    try (TarEntries tar = new TarEntries(new BufferedInputStream(in))) {
      for (TarArchiveEntry entry = tar.next();
          entry != null && taken < maxBytes && files < MAX_FILES;
          entry = tar.next()) {
        Matcher name = FILE.matcher(entry.getName());
        if (isPlain(entry) && name.matches()) {
          Path directory = Files.createDirectories(target.resolve(name.group(1)));
          taken += copy(tar.content(), directory.resolve(name.group(2)), maxBytes - taken);
          files++;
        }
      }
    }
    return taken;
  }

  /** Tells whether this is a plain file; {@code isFile} also says yes to links and devices. */
  private static boolean isPlain(TarArchiveEntry entry) {
    byte kind = entry.getLinkFlag();
    return (kind == TarConstants.LF_NORMAL || kind == TarConstants.LF_OLDNORM)
        && !entry.isSparse()
        && !entry.getName().endsWith("/");
  }

  private static long copy(InputStream from, Path to, long most) throws IOException {
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    byte[] buffer = new byte[64 << 10];
    long copied = 0;
    try (OutputStream out = Files.newOutputStream(to)) {
      while (copied < most) {
        int n = from.read(buffer, 0, (int) Math.min(buffer.length, most - copied));
        if (n < 0) {
          break;
        }
        out.write(buffer, 0, n);
        copied += n;
      }
    }
    return copied;
  }
}
