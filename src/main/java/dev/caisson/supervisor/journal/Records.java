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
import java.util.Comparator;
import java.util.List;

/**
 * The records of all processes: in a directory of each, beside its journal, or in a log of all
 * those that ended without a word.
 */
public final class Records {
  /** The place of a record that is in its process's directory. */
  public static final long IN_DIRECTORY = -1;

  private final Path root;
  private final RecordLog log;

  public Records(Path state) {
    this.root = state.resolve("processes");
    this.log = new RecordLog(root.resolve(JournalFormat.LOG));
  }

  /**
   * A record that an earlier supervisor has left.
   *
   * @param place in the log, or {@link #IN_DIRECTORY}
   */
  public record Left(ProcessInfo info, long place) {}

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

  /**
   * Writes the record of a process that has ended, and of which there is nothing else on disk.
   *
   * @return the place from where it is read
   */
  public long log(ProcessInfo info) throws IOException {
    ProcessInfo.Exit exit = info.exit();
    return log.append(Codec.encodeRecord(info), exit == null ? info.startedAt() : exit.at());
  }

  /** Reads the record of a process from its place. */
  public ProcessInfo read(long pid, long place) throws IOException {
    return place == IN_DIRECTORY
        ? read(pid)
        : Codec.decodeRecord(log.read(place), ProcessInfo.class);
  }

  private ProcessInfo read(long pid) throws IOException {
    return Codec.decodeRecord(
        Files.readAllBytes(directory(pid).resolve(JournalFormat.RECORD)), ProcessInfo.class);
  }

  /** Reads the records that an earlier supervisor of this sandbox has left, oldest first. */
  public List<Left> left() throws IOException {
    List<Left> left = new ArrayList<>();
    Files.createDirectories(root);
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(root, Records::named)) {
      for (Path directory : directories) {
        try {
          long pid = Long.parseLong(String.valueOf(directory.getFileName()));
          left.add(new Left(read(pid), IN_DIRECTORY));
        } catch (IOException | NumberFormatException e) {
          Log.warn("a record cannot be read", "directory", directory, "error", e);
        }
      }
    }
    for (RecordLog.Found found : log.left()) {
      try {
        left.add(new Left(Codec.decodeRecord(found.bytes(), ProcessInfo.class), found.place()));
      } catch (IOException e) {
        Log.warn("a record of the log cannot be read", "error", e);
      }
    }
    // Of a process with both, the directory is the later one: a descendant has written since.
    left.sort(
        Comparator.comparingLong((Left found) -> found.info().startedAt())
            .thenComparing(found -> found.place() == IN_DIRECTORY));
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

  /** Deletes the record of a process, and its journal. */
  public void delete(long pid, long place) {
    if (place != IN_DIRECTORY) {
      log.drop(place);
      return;
    }
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

  /** Forgets all that is in the log. */
  public void clearLog() {
    log.clear();
  }
}
