package dev.caisson.files;

import dev.caisson.error.ErrorKind;
import dev.caisson.supervisor.wire.RefusalCode;

/** The meaning that system errors have where they concern a file. */
public final class FileErrors {
  private FileErrors() {}

  /** Returns the kind of a refusal that concerns a file. */
  public static ErrorKind kind(RefusalCode reason) {
    return switch (reason) {
      case ENOENT -> ErrorKind.MISSING;
      case EEXIST, ENOTEMPTY, ENOTDIR, EISDIR, ELOOP, EBUSY -> ErrorKind.CONFLICT;
      case EACCES, EPERM, EROFS -> ErrorKind.FORBIDDEN;
      case ENOSPC, EDQUOT -> ErrorKind.NO_SPACE;
      case ENAMETOOLONG, EINVAL -> ErrorKind.INVALID;
      default -> ErrorKind.IMPOSSIBLE;
    };
  }
}
