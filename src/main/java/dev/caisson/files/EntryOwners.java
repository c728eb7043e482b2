package dev.caisson.files;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/** The owners of an archive's entries in a sandbox. */
final class EntryOwners {
  /** The most owners that are remembered; an archive with more asks anew for some. */
  private static final int MOST_KNOWN = 10_000;

  private final SandboxFiles files;
  private final SandboxId id;
  private final @Nullable String everything;
  private final ArchiveOwners owners;
  private final Map<FileRequest.FindOwner, String> known = new HashMap<>();

  /**
   * Creates the owners for one archive.
   *
   * @param everything the owner of all entries, null where {@code owners} decides
   */
  EntryOwners(SandboxFiles files, SandboxId id, @Nullable String everything, ArchiveOwners owners) {
    this.files = files;
    this.id = id;
    this.everything = everything;
    this.owners = owners;
  }

  /** Names the owner of directories that are in no entry; null for the sandbox's default. */
  @Nullable String ofUnsaid() {
    return everything;
  }

  /** Names the owner of this entry; null for the sandbox's default. */
  @Nullable String of(TarArchiveEntry entry, String path) {
    if (everything != null || owners == ArchiveOwners.DEFAULT) {
      return everything;
    }
    FileRequest.FindOwner find =
        new FileRequest.FindOwner(
            name(entry.getUserName()),
            name(entry.getGroupName()),
            entry.getLongUserId(),
            entry.getLongGroupId());
    if (known.size() == MOST_KNOWN) {
      known.clear();
    }
    return known.computeIfAbsent(find, each -> numbers(each, path));
  }

  private String numbers(FileRequest.FindOwner find, String path) {
    if (find.user() == null && find.group() == null) {
      return find.uid() + ":" + find.gid();
    }
    return numbers(files.ask(id, path, find));
  }

  private static String numbers(Answer.Owner owner) {
    return owner.uid() + ":" + owner.gid();
  }

  private static @Nullable String name(@Nullable String given) {
    return given == null || given.isEmpty() ? null : given;
  }
}
