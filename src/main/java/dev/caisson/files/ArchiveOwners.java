package dev.caisson.files;

/** Whose the files of an archive become, where nobody is named for all of them. */
enum ArchiveOwners {
  /** The owner of any write: the user that processes get by default. */
  DEFAULT,
  /** The archive's own, by name where the sandbox has it, else by number. */
  ARCHIVE
}
