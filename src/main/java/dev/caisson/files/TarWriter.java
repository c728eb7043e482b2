package dev.caisson.files;

import dev.caisson.sandbox.Answers;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/** Makes a tar of what a supervisor reads of a tree, entry by entry. */
final class TarWriter {
  private final TarArchiveOutputStream tar;
  private final String root;
  private boolean open;

  /**
   * @param root what the archive is of; names in it are relative to it
   */
  TarWriter(OutputStream out, FileInfo root) {
    boolean directory = root.type() == FileInfo.Type.DIRECTORY;
    this.root =
        directory
            ? root.path().endsWith("/") ? root.path() : root.path() + "/"
            : root.path().substring(0, root.path().lastIndexOf('/') + 1);
    tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    // PAX headers, which hold any name, size and time.
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  /**
   * Writes it all, and the archive's end.
   *
   * @throws IOException if the client is gone, or the supervisor does not keep to what it announced
   */
  void write(FileInfo first, Answers<Answer> answers) throws IOException {
    for (Answer next = first; next != null; next = answers.next()) {
      switch (next) {
        case FileInfo file -> begin(file);
        case Answer.Bytes bytes when open -> tar.write(bytes.bytes());
        default -> throw new IOException("content of nothing");
      }
    }
    end();
    tar.finish();
    tar.flush();
  }

  private void begin(FileInfo file) throws IOException {
    end();
    TarArchiveEntry entry = entry(file);
    if (entry == null) {
      return;
    }
    entry.setMode(file.mode());
    entry.setUserId(file.uid());
    entry.setGroupId(file.gid());
    entry.setUserName(file.owner() == null ? "" : file.owner());
    entry.setGroupName(file.group() == null ? "" : file.group());
    entry.setLastModifiedTime(FileTime.from(file.modifiedAt(), TimeUnit.MICROSECONDS));
    if (file.type() == FileInfo.Type.FILE) {
      entry.setSize(file.size());
    }
    tar.putArchiveEntry(entry);
    open = true;
  }

  private @Nullable TarArchiveEntry entry(FileInfo file) throws IOException {
    String name = name(file);
    return switch (file.type()) {
      case FILE -> new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
      case DIRECTORY -> new TarArchiveEntry(name + "/", TarConstants.LF_DIR, true);
      case FIFO -> new TarArchiveEntry(name, TarConstants.LF_FIFO, true);
      case CHARACTER_DEVICE, BLOCK_DEVICE, SOCKET -> null;
      case LINK -> {
        TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK, true);
        link.setLinkName(file.target() == null ? "" : file.target());
        yield link;
      }
    };
  }

  private String name(FileInfo file) throws IOException {
    if (root.equals(file.path() + "/") || root.equals(file.path())) {
      return ".";
    }
    if (!file.path().startsWith(root)) {
      throw new IOException("a file of another tree");
    }
    return file.path().substring(root.length());
  }

  private void end() throws IOException {
    if (open) {
      open = false;
      tar.closeArchiveEntry();
    }
  }
}
