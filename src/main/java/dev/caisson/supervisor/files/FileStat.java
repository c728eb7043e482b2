package dev.caisson.supervisor.files;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.RefusedException;

/**
 * The kernel's description of a file.
 *
 * @param mode the permission bits, and those above them
 * @param modifiedAt microseconds since the epoch
 * @param device of the file system it is on
 * @param inode its number there
 * @param names how many it has there
 * @param special the number of the device that it is, if it is one
 */
record FileStat(
    FileInfo.Type type,
    long size,
    int mode,
    long uid,
    long gid,
    long modifiedAt,
    long device,
    long inode,
    long names,
    long special) {

  boolean isDirectory() {
    return type == FileInfo.Type.DIRECTORY;
  }

  boolean isPlain() {
    return type == FileInfo.Type.FILE;
  }

  boolean isLink() {
    return type == FileInfo.Type.LINK;
  }

  /** Refuses a file that cannot be read from its beginning to its end. */
  void requirePlain(FilePlace place) throws RefusedException {
    if (isDirectory()) {
      throw FileCalls.refused(place, Errno.EISDIR);
    }
    if (!isPlain()) {
      throw new RefusedException("NOT_A_FILE", place + ": is a " + type + ", not a plain file");
    }
  }
}
