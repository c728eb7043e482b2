package dev.caisson.cli.copy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The packing of directories as archives, and the unpacking. An archive out of a sandbox is not
 * trusted.
 */
public final class Tar {
  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  private Tar() {}

  /** Writes the content of a directory: files, directories and links, with their modes. */
  public static void pack(Path directory, OutputStream to) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(to, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes)
                throws IOException {
              if (!each.equals(directory)) {
                add(each, directory.relativize(each) + "/", attributes);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes)
                throws IOException {
              if (!attributes.isOther()) {
                add(each, directory.relativize(each).toString(), attributes);
              }
              return FileVisitResult.CONTINUE;
            }

            private void add(Path each, String name, BasicFileAttributes attributes)
                throws IOException {
              requireText(each);
              TarArchiveEntry entry;
              if (attributes.isSymbolicLink()) {
                Path target = Files.readSymbolicLink(each);
                requireText(target);
                entry = new TarArchiveEntry(name, TarArchiveEntry.LF_SYMLINK);
                entry.setLinkName(target.toString());
              } else {
                entry = new TarArchiveEntry(name);
                entry.setMode(mode(each));
              }
              entry.setModTime(attributes.lastModifiedTime());
              if (!attributes.isRegularFile()) {
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
                return;
              }
              try (InputStream content = Files.newInputStream(each)) {
                entry.setSize(Files.size(each));
                tar.putArchiveEntry(entry);
                // A file that grows meanwhile is taken as long as it was.
                long left = entry.getSize();
                byte[] piece = new byte[64 << 10];
                while (left > 0) {
                  int count = content.read(piece, 0, (int) Math.min(piece.length, left));
                  if (count < 0) {
                    throw new IOException(each + " became shorter while it was read");
                  }
                  tar.write(piece, 0, count);
                  left -= count;
                }
                tar.closeArchiveEntry();
              }
            }
          });
    }
  }

  /**
   * Writes the content of an archive into a directory, and nothing outside of it: names lead
   * through no link, whether it was there or is of the archive, and links come last.
   */
  public static void unpack(InputStream from, Path directory) throws IOException {
    Files.createDirectories(directory);
    Path root = directory.toRealPath();
    List<Link> links = new ArrayList<>();
    try (TextTar tar = new TextTar(from)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isSymbolicLink() || entry.isLink()) {
          links.add(new Link(tar.name(entry), tar.linkName(entry), entry.isLink()));
          continue;
        }
        Path place = place(root, tar.name(entry));
        if (entry.isDirectory()) {
          directories(root, place);
          permit(place, entry.getMode() | 0700);
        } else if (entry.isFile()) {
          directories(root, parent(place));
          Path made = Files.createTempFile(parent(place), ".caisson-", "");
          try {
            write(tar, entry, made);
            permit(made, entry.getMode());
            Files.setLastModifiedTime(made, entry.getLastModifiedTime());
            // Replaces a link, and does not follow it.
            Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
          } finally {
            Files.deleteIfExists(made);
          }
        }
      }
    }
    for (Link link : links) {
      Path place = place(root, link.name());
      directories(root, parent(place));
      Files.deleteIfExists(place);
      if (link.hard()) {
        Path other = place(root, link.to());
        directories(root, parent(other));
        Files.createLink(place, other);
      } else {
        Files.createSymbolicLink(place, path(link.to()));
      }
    }
  }

  /** Writes the newest entry's content into a file that is there, and empty. */
  public static void write(TextTar tar, TarArchiveEntry entry, Path file) throws IOException {
    if (entry.isSparse()) {
      SparseFile.write(tar, file);
    } else {
      Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A link of an archive, which is made when all else is there. */
  private record Link(String name, String to, boolean hard) {}

  /**
   * Refuses a name whose bytes are no text of the locale: Java would write it with other
   * characters, two such names with the same ones.
   */
  private static void requireText(Path path) throws IOException {
    boolean isText;
    try {
      isText = Path.of(path.toString()).equals(path);
    } catch (InvalidPathException e) {
      isText = false;
    }
    if (!isText) {
      throw new IOException(
          "a name is not valid in the encoding of this locale: " + path + "; rename the file");
    }
  }

  /** Returns the path of a name, unless the locale has no such characters. */
  private static Path path(String name) throws IOException {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new IOException("the encoding of this locale cannot represent the name " + name, e);
    }
  }

  private static Path place(Path root, String name) throws IOException {
    Path path = path(name);
    Path place = root.resolve(path).normalize();
    if (!place.startsWith(root) || path.isAbsolute()) {
      throw new IOException("the archive has an entry outside of its directory: " + name);
    }
    return place;
  }

  private static Path parent(Path place) throws IOException {
    Path parent = place.getParent();
    if (parent == null) {
      throw new IOException("no directory: " + place);
    }
    return parent;
  }

  /** Makes the directories that are missing on the way, through no link. */
  private static void directories(Path root, Path wanted) throws IOException {
    Path way = root;
    for (Path step : root.relativize(wanted)) {
      way = way.resolve(step);
      if (Files.isSymbolicLink(way)) {
        throw new IOException("the archive leads through a link: " + way);
      }
      if (!Files.isDirectory(way, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(way);
      }
    }
  }

  public static int mode(Path file) throws IOException {
    int mode = 0;
    Set<PosixFilePermission> set = Files.getPosixFilePermissions(file);
    for (int i = 0; i < BITS.length; i++) {
      mode |= set.contains(BITS[i]) ? 1 << i : 0;
    }
    return mode;
  }

  /** Sets the permission bits, without those that lend the owner's or the group's rights. */
  private static void permit(Path file, int mode) throws IOException {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < BITS.length; i++) {
      if ((mode & 1 << i) != 0) {
        set.add(BITS[i]);
      }
    }
    Files.setPosixFilePermissions(file, set);
  }
}
