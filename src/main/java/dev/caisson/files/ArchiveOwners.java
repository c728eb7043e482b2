package dev.caisson.files;

/** Whose the files of an archive become, where nobody is named for all of them. */
enum ArchiveOwners {
  /** As those of any write. */
  DEFAULT,
  /** As the archive says: by name where the sandbox has it, else by number. */
  ARCHIVE
}
