package dev.caisson.link;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/** The processes of an archive that are read, chosen by name and size before anything is. */
final class ArchivedPids {
  private ArchivedPids() {}

  /**
   * Returns the largest numbers that have a record, from the least of them.
   *
   * @param most how many
   * @param bytes of all their records together; the newest count first
   * @param longest a record that is larger is none, and counts for nothing
   * @throws IOException if the directory is there and cannot be listed
   */
  static List<Long> newest(Path directory, int most, long bytes, long longest) throws IOException {
    PriorityQueue<Long> newest = new PriorityQueue<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.matches("[1-9][0-9]{0,17}")) {
          newest.add(Long.parseLong(name));
        }
        if (newest.size() > most) {
          newest.remove();
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return within(directory, newest, bytes, longest);
  }

  private static List<Long> within(
      Path directory, PriorityQueue<Long> newest, long bytes, long longest) {
    List<Long> sorted = new ArrayList<>(newest);
    sorted.sort(Collections.reverseOrder());
    List<Long> chosen = new ArrayList<>();
    long left = bytes;
    for (long pid : sorted) {
      long size = directory.resolve(Long.toString(pid)).resolve("record").toFile().length();
      boolean plausible = size > 0 && size <= longest;
      left -= plausible ? size : 0;
      if (left < 0) {
        break;
      }
      if (size > 0) {
        // One that is too large is left out, and counted, where it is read.
        chosen.add(pid);
      }
    }
    Collections.reverse(chosen);
    return chosen;
  }
}
