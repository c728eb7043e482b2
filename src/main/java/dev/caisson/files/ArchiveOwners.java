package dev.caisson.files;

/** The owners of an archive's files, where the request names no owner for all of them. */
enum ArchiveOwners {
  /** The owner of any write: the user that processes get by default. */
  DEFAULT,
  /** The archive's own, by name where the sandbox has it, else by number. */
  ARCHIVE
}
