package dev.caisson.files;

import dev.caisson.archive.TarEntries;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.PathText;
import dev.caisson.supervisor.wire.RefusalCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/** A reader that unpacks a tar in a sandbox, entry by entry as it comes. */
final class TarReader {
  /** The most links that are remembered, so that no entry is written through one. */
  private static final int MOST_LINKS = 100_000;

  /** The most characters of the names of all remembered links. */
  private static final int MOST_LINK_NAMES = 32 << 20;

  /**
   * The most bytes that all sparse files of an archive may have together. A few bytes of it can
   * claim any size, and holes are read as zeros: beyond this the zeros are written, so that the
   * disk is the bound.
   */
  private static final long MOST_SPARSE_BYTES = 256L << 30;

  private final SandboxFiles files;
  private final SandboxId id;
  private final String root;
  private final EntryOwners owners;
  private final boolean sparse;
  private final Set<String> links = new HashSet<>();
  private int linkNames;
  private final Deque<Directory> directories = new ArrayDeque<>();
  private long fileCount;
  private long directoryCount;
  private long linkCount;
  private long skipped;
  private long bytes;
  private long sparseBytes;

  /** A directory whose mode and time are set when all that is in it is there. */
  private record Directory(String path, FileRequest.ChangeFile change) {
    boolean holds(String other) {
      return path.isEmpty() || other.startsWith(path + "/");
    }
  }

  /**
   * Creates a reader of one archive.
   *
   * @param sparse whether zeros become holes in files that are not sparse in the archive, too
   */
  TarReader(SandboxFiles files, SandboxId id, String root, EntryOwners owners, boolean sparse) {
    this.sparse = sparse;
    this.files = files;
    this.id = id;
    this.root = root;
    this.owners = owners;
  }

  ArchiveAnswer unpack(InputStream content) {
    boolean isNew =
        !files
            .ask(
                id,
                root,
                new FileRequest.MakeDirectory(root, FileMode.UNSAID, owners.ofUnsaid(), true, 0))
            .replaced();
    String at = root;
    try (TarEntries tar = new TarEntries(content)) {
      for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
        String name = inside(tar.name());
        at = path(name);
        finish(name);
        unpack(tar, entry, name, isNew);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new FileException.BadContent(
          id,
          at,
          "The content is not a complete tar archive, after "
              + PathText.shown(at)
              + ": "
              + e.getMessage(),
          e);
    }
    finish(null);
    return new ArchiveAnswer(fileCount, directoryCount, linkCount, skipped, bytes);
  }

  private void unpack(TarEntries tar, TarArchiveEntry entry, String name, boolean isNew)
      throws IOException {
    String at = path(name);
    if (entry.isDirectory()) {
      directory(entry, name, isNew);
    } else if (name.isEmpty()) {
      throw refused(tar.name(), "is not a valid name");
    } else if (entry.isSymbolicLink()) {
      link(name, tar.linkName(), false);
      files.ask(
          id, at, new FileRequest.ChangeFile(at, FileMode.UNSAID, owner(entry), modifiedAt(entry)));
    } else if (entry.isLink()) {
      link(name, path(inside(tar.linkName())), true);
    } else if (entry.isFIFO()) {
      String path = path(name);
      anew(path, new FileRequest.MakeFifo(path, mode(entry), owner(entry), modifiedAt(entry)));
      fileCount++;
    } else if (entry.isCharacterDevice() || entry.isBlockDevice() || !tar.canRead(entry)) {
      skipped++;
    } else {
      file(tar, entry, name);
    }
  }

  private void file(TarEntries tar, TarArchiveEntry entry, String name) {
    // A write takes a link's place.
    links.remove(name);
    FileInfo written =
        files.write(
            id,
            FileRequest.WriteFile.builder(path(name))
                .mode(mode(entry))
                .owner(owner(entry))
                .parents(true)
                .overwrite(true)
                .modifiedAt(modifiedAt(entry))
                .holes(holes(entry))
                .build(),
            tar.content());
    fileCount++;
    bytes += written.size();
  }

  private boolean holes(TarArchiveEntry entry) {
    if (!entry.isSparse()) {
      return sparse;
    }
    sparseBytes += Math.min(entry.getRealSize(), MOST_SPARSE_BYTES);
    return sparseBytes <= MOST_SPARSE_BYTES;
  }

  private void directory(TarArchiveEntry entry, String name, boolean isNew) {
    String path = path(name);
    if (links.contains(name)) {
      throw refused(name, "would be written through a link of this archive");
    }
    files.ask(
        id, path, new FileRequest.MakeDirectory(path, FileMode.UNSAID, owner(entry), true, 0));
    directoryCount++;
    if (!name.isEmpty() || isNew) {
      directories.push(
          new Directory(
              name,
              new FileRequest.ChangeFile(path, mode(entry), owner(entry), modifiedAt(entry))));
    }
  }

  private void link(String name, String target, boolean hard) {
    linkNames += name.length();
    if (links.size() == MOST_LINKS || linkNames > MOST_LINK_NAMES) {
      throw refused(name, "exceeds the number of links that an archive may have");
    }
    String path = path(name);
    anew(path, new FileRequest.MakeLink(path, target, hard, null));
    links.add(name);
    linkCount++;
  }

  /** Makes a file by a request that does not replace by itself, in the place of what is there. */
  private void anew(String path, FileRequest<FileInfo> make) {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      String parent = path.substring(0, slash);
      files.ask(
          id,
          parent,
          new FileRequest.MakeDirectory(parent, FileMode.UNSAID, owners.ofUnsaid(), true, 0));
    }
    try {
      files.ask(id, path, make);
    } catch (FileException.Refused e) {
      if (e.reason != RefusalCode.EEXIST) {
        throw e;
      }
      files.ask(id, path, new FileRequest.DeleteFile(path, false));
      files.ask(id, path, make);
    }
  }

  /** Sets mode and time of the directories that this name is not in; of all, at the end. */
  private void finish(@Nullable String name) {
    while (!directories.isEmpty() && (name == null || !directories.element().holds(name))) {
      FileRequest.ChangeFile change = directories.remove().change();
      files.ask(id, change.path(), change);
    }
  }

  /** Returns the name of an entry below the root, with nothing in it that would lead out. */
  private String inside(String name) {
    if (name.startsWith("/")) {
      throw refused(name, "is an absolute path");
    }
    List<String> parts = new ArrayList<>();
    String walked = "";
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.equals("..")) {
        throw refused(name, "leads out of the directory that it is unpacked in");
      }
      if (links.contains(walked)) {
        throw refused(name, "would be written through a link of this archive");
      }
      walked = walked.isEmpty() ? part : walked + "/" + part;
      parts.add(part);
    }
    return String.join("/", parts);
  }

  private String path(String name) {
    return name.isEmpty() ? root : root.endsWith("/") ? root + name : root + "/" + name;
  }

  private FileException.BadContent refused(String name, String why) {
    return new FileException.BadContent(
        id, root, "The entry \"" + PathText.shown(name) + "\" " + why, null);
  }

  private static int mode(TarArchiveEntry entry) {
    return entry.getMode() & 07777;
  }

  private @Nullable String owner(TarArchiveEntry entry) {
    return owners.of(entry, root);
  }

  private static long modifiedAt(TarArchiveEntry entry) {
    return entry.getLastModifiedTime().to(TimeUnit.MICROSECONDS);
  }
}
