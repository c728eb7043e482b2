package dev.caisson.files;

import dev.caisson.sandbox.Answers;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.PathText;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/** A writer of a tar from what a supervisor reads of a tree, entry by entry. */
final class TarWriter {
  private static final byte[] ZEROS = new byte[64 << 10];

  private final TarArchiveOutputStream characters;

  /** The stream for entries with a name that is no text, which GNU tar writes in this way, too. */
  private final TarArchiveOutputStream bytes;

  private TarArchiveOutputStream tar;
  private final String root;

  /** The file whose entry is not begun yet: its extents may follow. */
  private @Nullable FileInfo announced;

  private boolean open;

  /** The bytes written of a file whose holes are written as zeros; -1 for any other. */
  private long filled = -1;

  /** The length of that file, in bytes. */
  private long size;

  /**
   * Creates a writer of one archive.
   *
   * @param root the file or directory that is archived; names in the archive are relative to it
   */
  TarWriter(OutputStream out, FileInfo root) {
    boolean directory = root.type() == FileInfo.Type.DIRECTORY;
    this.root =
        directory
            ? root.path().endsWith("/") ? root.path() : root.path() + "/"
            : root.path().substring(0, root.path().lastIndexOf('/') + 1);
    characters = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    // PAX headers, which hold any text, size and time.
    characters.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    characters.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    characters.setAddPaxHeadersForNonAsciiNames(true);
    bytes = new TarArchiveOutputStream(out, StandardCharsets.ISO_8859_1.name());
    bytes.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    bytes.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    tar = characters;
  }

  /**
   * Writes all entries, and the archive's end.
   *
   * @throws IOException if the client is gone, or the supervisor does not keep to what it announced
   */
  void write(FileInfo first, Answers<Answer> answers) throws IOException {
    for (Answer next = first; next != null; next = answers.next()) {
      switch (next) {
        case FileInfo file -> {
          begin();
          announced = file;
        }
        case Answer.Extents extents when announced != null -> begin(announced, extents);
        case Answer.Bytes content -> write(content);
        default -> throw new IOException("content of nothing");
      }
    }
    begin();
    end();
    characters.finish();
    characters.flush();
  }

  private void write(Answer.Bytes content) throws IOException {
    begin();
    if (!open) {
      throw new IOException("content of nothing");
    }
    if (filled >= 0) {
      fill(content.offset());
      filled += content.bytes().length;
    }
    tar.write(content.bytes());
  }

  /** Begins the entry of the announced file, if there is one. */
  private void begin() throws IOException {
    if (announced != null) {
      begin(announced);
    }
  }

  /** Begins the entry of a file of which the data alone follows. */
  private void begin(FileInfo file, Answer.Extents extents) throws IOException {
    if (file.type() != FileInfo.Type.FILE || file.target() != null) {
      throw new IOException("extents of what is no file");
    }
    SparseMap map = SparseMap.of(extents, file.size());
    if (!PathText.isPlain(file.path())) {
      // No header of pax has such a name.
      begin(file);
      filled = 0;
      size = file.size();
      return;
    }
    end();
    announced = null;
    tar = bytes;
    String name = name(file.path());
    byte[] header =
        SparseMap.header(
            name, file.size(), BigDecimal.valueOf(file.modifiedAt(), 6).toPlainString());
    TarArchiveEntry pax =
        new TarArchiveEntry("PaxHeaders.0", TarConstants.LF_PAX_EXTENDED_HEADER_LC, true);
    pax.setSize(header.length);
    pax.setLastModifiedTime(FileTime.fromMillis(0));
    tar.putArchiveEntry(pax);
    tar.write(header);
    tar.closeArchiveEntry();
    TarArchiveEntry entry =
        new TarArchiveEntry(SparseMap.entryName(name), TarConstants.LF_NORMAL, true);
    describe(entry, file, raw(text(file.owner())), raw(text(file.group())));
    entry.setSize(map.length());
    tar.putArchiveEntry(entry);
    open = true;
    tar.write(map.head());
  }

  /** Writes the zeros up to an offset. */
  private void fill(long to) throws IOException {
    while (filled < to) {
      int count = (int) Math.min(ZEROS.length, to - filled);
      tar.write(ZEROS, 0, count);
      filled += count;
    }
  }

  private void begin(FileInfo file) throws IOException {
    end();
    announced = null;
    String target = target(file);
    boolean plain = PathText.isPlain(file.path()) && PathText.isPlain(target);
    tar = plain ? characters : bytes;
    TarArchiveEntry entry =
        plain
            ? entry(file, name(file.path()), target)
            : entry(file, raw(name(file.path())), raw(target));
    if (entry == null) {
      return;
    }
    describe(entry, file, plain ? text(file.owner()) : "", plain ? text(file.group()) : "");
    if (file.type() == FileInfo.Type.FILE && file.target() == null) {
      entry.setSize(file.size());
    }
    tar.putArchiveEntry(entry);
    open = true;
  }

  private static void describe(TarArchiveEntry entry, FileInfo file, String owner, String group) {
    entry.setMode(file.mode());
    entry.setUserId(file.uid());
    entry.setGroupId(file.gid());
    entry.setUserName(owner);
    entry.setGroupName(group);
    entry.setLastModifiedTime(FileTime.from(file.modifiedAt(), TimeUnit.MICROSECONDS));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Returns each byte as the character that the other stream writes as that byte. */
  private static String raw(String text) {
    return new String(PathText.bytes(text), StandardCharsets.ISO_8859_1);
  }

  private static @Nullable TarArchiveEntry entry(FileInfo file, String name, String target) {
    return switch (file.type()) {
      case FILE -> {
        TarArchiveEntry plain =
            new TarArchiveEntry(
                name, target.isEmpty() ? TarConstants.LF_NORMAL : TarConstants.LF_LINK, true);
        plain.setLinkName(target);
        yield plain;
      }
      case DIRECTORY -> new TarArchiveEntry(name + "/", TarConstants.LF_DIR, true);
      case FIFO -> new TarArchiveEntry(name, TarConstants.LF_FIFO, true);
      case CHARACTER_DEVICE, BLOCK_DEVICE, SOCKET -> null;
      case LINK -> {
        TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK, true);
        link.setLinkName(target);
        yield link;
      }
    };
  }

  /** Returns where a link leads, or the first name of a file of which this is a further one. */
  private String target(FileInfo file) throws IOException {
    String target = file.target();
    return target == null ? "" : file.type() == FileInfo.Type.FILE ? name(target) : target;
  }

  private String name(String path) throws IOException {
    if (root.equals(path + "/") || root.equals(path)) {
      return ".";
    }
    if (!path.startsWith(root)) {
      throw new IOException("a file of another tree");
    }
    return path.substring(root.length());
  }

  private void end() throws IOException {
    if (open) {
      if (filled >= 0) {
        fill(size);
        filled = -1;
      }
      open = false;
      tar.closeArchiveEntry();
    }
  }
}
