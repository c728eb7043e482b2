package dev.caisson.supervisor.files;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The first names of files that have several, as a tree is walked. */
final class FirstNames {
  /**
   * The most files whose names are remembered; further ones count as files of their own, since the
   * heap is small.
   */
  private static final int MOST = 20_000;

  private final Map<Inode, String> names = new HashMap<>();

  /** A file, whatever it is called. */
  private record Inode(long device, long number) {}

  /** Returns the name under which this file was met before; null for one that is met first. */
  @Nullable String firstOf(FilePlace place, FileStat stat) {
    if (!stat.isPlain() || stat.names() < 2) {
      return null;
    }
    Inode inode = new Inode(stat.device(), stat.inode());
    String first = names.get(inode);
    if (first == null && names.size() < MOST) {
      names.put(inode, place.text());
    }
    return first;
  }
}
