package dev.caisson.supervisor.files;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.RefusalCode;
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
 * @param allocated how many bytes of the disk it takes
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
    long special,
    long allocated) {
  /** Holes of less than this are not worth a word. */
  static final long LARGE_HOLE = 64 << 10;

  boolean isDirectory() {
    return type == FileInfo.Type.DIRECTORY;
  }

  boolean isPlain() {
    return type == FileInfo.Type.FILE;
  }

  boolean isLink() {
    return type == FileInfo.Type.LINK;
  }

  /**
   * Returns whether the file takes much less of the disk than its size: it has holes, or is
   * compressed.
   */
  boolean isSparse() {
    return isPlain() && size - allocated >= LARGE_HOLE;
  }

  /** Refuses a file that cannot be read from its beginning to its end. */
  void requirePlain(FilePlace place) throws RefusedException {
    if (isDirectory()) {
      throw FileCalls.refused(place, Errno.EISDIR);
    }
    if (!isPlain()) {
      throw new RefusedException(
          RefusalCode.NOT_A_FILE, place + ": is a " + type + ", not a regular file");
    }
  }
}
