package dev.caisson.files;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.PathText;
import org.jspecify.annotations.Nullable;

/** An error that concerns the files of a sandbox. */
public abstract sealed class FileException extends RuntimeException {

  private FileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** A refusal by the sandbox's system. */
  public static final class Refused extends FileException {
    public final SandboxId sandbox;
    public final String path;

    /** The system error's name, or {@code NOT_A_FILE}, {@code NO_SUCH_USER}. */
    public final String code;

    public final Kind kind;

    /** The kind of a refusal, as far as it makes a difference to a caller. */
    public enum Kind {
      MISSING,
      IN_THE_WAY,
      FORBIDDEN,
      FULL,
      INVALID,
      OTHER;

      static Kind of(String code) {
        return switch (code) {
          case "ENOENT" -> MISSING;
          case "EEXIST", "ENOTEMPTY", "ENOTDIR", "EISDIR", "ELOOP", "EBUSY" -> IN_THE_WAY;
          case "EACCES", "EPERM", "EROFS" -> FORBIDDEN;
          case "ENOSPC", "EDQUOT" -> FULL;
          case "ENAMETOOLONG", "EINVAL" -> INVALID;
          default -> OTHER;
        };
      }
    }

    Refused(SandboxId sandbox, String path, String code, String message, Throwable cause) {
      super(message, cause);
      this.sandbox = sandbox;
      this.path = PathText.shown(path);
      this.code = code;
      this.kind = Kind.of(code);
    }
  }

  /** A range of which the file has no byte. */
  public static final class NoSuchRange extends FileException {
    public final SandboxId sandbox;
    public final String path;
    public final long size;

    NoSuchRange(SandboxId sandbox, String path, long size) {
      super(path + " has " + size + " bytes, and nothing of the range that was asked for", null);
      this.sandbox = sandbox;
      this.path = path;
      this.size = size;
    }
  }

  /** A write of a file only if it is new, where there is one already. */
  public static final class NotNew extends FileException {
    public final SandboxId sandbox;
    public final String path;

    NotNew(SandboxId sandbox, String path, Throwable cause) {
      super(path + " is there already", cause);
      this.sandbox = sandbox;
      this.path = path;
    }
  }

  /**
   * A content that ended before its end, or is no archive; whole entries of an archive stay in
   * place.
   */
  public static final class BadContent extends FileException {
    public final SandboxId sandbox;
    public final String path;

    BadContent(SandboxId sandbox, String path, String message, @Nullable Throwable cause) {
      super(message, cause);
      this.sandbox = sandbox;
      this.path = PathText.shown(path);
    }
  }

  /** A search beyond the number that a sandbox does at once. */
  public static final class TooManySearches extends FileException {
    public final SandboxId sandbox;

    TooManySearches(SandboxId sandbox, Throwable cause) {
      super(String.valueOf(cause.getMessage()), cause);
      this.sandbox = sandbox;
    }
  }

  /** A field of the request that is not of its form. */
  public static final class Invalid extends FileException {
    public final String field;

    Invalid(String field, String message) {
      super(message, null);
      this.field = field;
    }
  }
}
