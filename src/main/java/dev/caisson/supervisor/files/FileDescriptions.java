package dev.caisson.supervisor.files;

import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.PathText;
import dev.caisson.supervisor.wire.RefusedException;
import org.jspecify.annotations.Nullable;

/** The descriptions of files for a peer. */
public final class FileDescriptions {
  private final FileCalls calls;
  private final FileOwners owners;

  public FileDescriptions(FileCalls calls, FileOwners owners) {
    this.calls = calls;
    this.owners = owners;
  }

  /** Describes what is there now; a link itself. */
  public FileInfo of(FilePlace place) throws RefusedException {
    return of(place, calls.stat(place, false));
  }

  FileInfo of(FilePlace place, FileStat stat) throws RefusedException {
    return of(place, stat, false);
  }

  /** Describes a further name of a file, another of which was described. */
  FileInfo of(FilePlace place, FileStat stat, String first) throws RefusedException {
    return of(place, stat, first, false);
  }

  /**
   * Describes what is there now.
   *
   * @param replaced whether it took the place of another
   */
  FileInfo of(FilePlace place, FileStat stat, boolean replaced) throws RefusedException {
    return of(place, stat, stat.isLink() ? PathText.of(calls.target(place)) : null, replaced);
  }

  private FileInfo of(FilePlace place, FileStat stat, @Nullable String target, boolean replaced)
      throws RefusedException {
    return FileInfo.builder(place.text(), stat.type())
        .size(stat.size())
        .mode(stat.mode())
        .uid(stat.uid())
        .gid(stat.gid())
        .owner(owners.user(stat.uid()))
        .group(owners.group(stat.gid()))
        .modifiedAt(stat.modifiedAt())
        .target(target)
        .replaced(replaced)
        .sparse(stat.isSparse())
        .build();
  }
}
