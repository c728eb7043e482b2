package dev.caisson.supervisor.journal;

import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.Codec;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The directories of all processes, each with its record and its journal. */
public final class Records {
  private final Path root;

  public Records(Path state) {
    this.root = state.resolve("processes");
  }

  public Path directory(Object key) {
    return root.resolve(key.toString());
  }

  /**
   * Writes a record so that a reader sees the old one or the new one. It is not synced: it must
   * outlive the supervisor, which the page cache does.
   */
  public void write(ProcessInfo info) throws IOException {
    Path directory = directory(info.pid());
    Files.createDirectories(directory);
    Path fresh = directory.resolve(JournalFormat.RECORD + ".new");
    Files.write(fresh, Codec.encodeRecord(info));
    Files.move(fresh, directory.resolve(JournalFormat.RECORD), StandardCopyOption.ATOMIC_MOVE);
  }

  public ProcessInfo read(long pid) throws IOException {
    return Codec.decodeRecord(
        Files.readAllBytes(directory(pid).resolve(JournalFormat.RECORD)), ProcessInfo.class);
  }

  /** Reads the records that an earlier supervisor of this sandbox has left, oldest first. */
  public List<ProcessInfo> left() throws IOException {
    List<ProcessInfo> left = new ArrayList<>();
    Files.createDirectories(root);
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(root, Records::named)) {
      for (Path directory : directories) {
        try {
          left.add(read(Long.parseLong(String.valueOf(directory.getFileName()))));
        } catch (IOException | NumberFormatException e) {
          Log.warn("a record cannot be read", "directory", directory, "error", e);
        }
      }
    }
    left.sort((one, other) -> Long.compare(one.startedAt(), other.startedAt()));
    return left;
  }

  /** Returns whether a directory is named by a pid. */
  private static boolean named(Path directory) {
    char first = String.valueOf(directory.getFileName()).charAt(0);
    return first >= '1' && first <= '9';
  }

  /** Returns the disk space of a process's journal, in bytes. */
  public long size(long pid) {
    long size = 0;
    try {
      for (Path segment : JournalFormat.segments(directory(pid)).values()) {
        size += Files.size(segment);
      }
    } catch (IOException e) {
      Log.warn("a journal cannot be measured", "pid", pid, "error", e);
    }
    return size;
  }

  public void delete(long pid) {
    Path directory = directory(pid);
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      Log.warn("an old record cannot be deleted", "pid", pid, "error", e);
    }
  }
}
