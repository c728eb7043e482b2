package dev.caisson.supervisor.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The processes that descend from the supervisor, as the kernel lists them now. Never more than
 * those: a signal by way of this list cannot hit another's process.
 */
public final class Descendants {
  private Descendants() {}

  /**
   * A descendant, as a line of that list.
   *
   * @param group of processes, by the pid that it began with
   * @param session the pid of the process that it was started with, if it made none of its own
   */
  public record Descendant(long pid, long parent, long group, long session, boolean zombie) {}

  public static List<Descendant> now() {
    Map<Long, List<Descendant>> byParent = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path entry : entries) {
        Descendant found = read(entry);
        if (found != null) {
          byParent.computeIfAbsent(found.parent, parent -> new ArrayList<>()).add(found);
        }
      }
    } catch (IOException e) {
      Log.warn("cannot list processes", "error", e);
    }
    List<Descendant> descendants = new ArrayList<>();
    ArrayDeque<Long> parents = new ArrayDeque<>(List.of(ProcessHandle.current().pid()));
    while (!parents.isEmpty()) {
      for (Descendant child : byParent.getOrDefault(parents.remove(), List.of())) {
        descendants.add(child);
        parents.add(child.pid);
      }
    }
    return descendants;
  }

  /** Counts the descendants that run under this name (of which the kernel keeps 15 characters). */
  public static int named(String name) {
    int found = 0;
    for (Descendant descendant : now()) {
      Path comm = Path.of("/proc", Long.toString(descendant.pid), "comm");
      try {
        found += !descendant.zombie && Files.readString(comm).strip().equals(name) ? 1 : 0;
      } catch (IOException e) {
        Log.debug("ended while it was looked at", "pid", descendant.pid);
      }
    }
    return found;
  }

  private static @Nullable Descendant read(Path entry) {
    try {
      String stat = Files.readString(entry.resolve("stat"), StandardCharsets.ISO_8859_1);
      // The name in parentheses is the process's own choice: it may hold blanks and parentheses.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long pid = Long.parseLong(String.valueOf(entry.getFileName()));
      return new Descendant(
          pid,
          Long.parseLong(fields[1]),
          Long.parseLong(fields[2]),
          Long.parseLong(fields[3]),
          fields[0].equals("Z") || fields[0].equals("X"));
    } catch (IOException | RuntimeException e) {
      // It has ended meanwhile.
      return null;
    }
  }
}
