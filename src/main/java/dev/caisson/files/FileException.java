package dev.caisson.files;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.PathText;
import org.jspecify.annotations.Nullable;

/** What can go wrong with the files of a sandbox. */
public abstract sealed class FileException extends RuntimeException {

  private FileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The sandbox's system said no. */
  public static final class Refused extends FileException {
    public final SandboxId sandbox;
    public final String path;

    /** The system error's name, or {@code NOT_A_FILE}, {@code NO_SUCH_USER}. */
    public final String code;

    public final Kind kind;

    /** What a caller can make of it. */
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

  /** Nothing of the range that was asked for is there. */
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

  /** It was to be written only if it were new. */
  public static final class NotNew extends FileException {
    public final SandboxId sandbox;
    public final String path;

    NotNew(SandboxId sandbox, String path, Throwable cause) {
      super(path + " is there already", cause);
      this.sandbox = sandbox;
      this.path = path;
    }
  }

  /** The content ended before its end, or is no archive; what was whole of an archive is there. */
  public static final class BadContent extends FileException {
    public final SandboxId sandbox;
    public final String path;

    BadContent(SandboxId sandbox, String path, String message, @Nullable Throwable cause) {
      super(message, cause);
      this.sandbox = sandbox;
      this.path = PathText.shown(path);
    }
  }

  /** As many searches as a sandbox does at once are not done yet. */
  public static final class TooManySearches extends FileException {
    public final SandboxId sandbox;

    TooManySearches(SandboxId sandbox, Throwable cause) {
      super(String.valueOf(cause.getMessage()), cause);
      this.sandbox = sandbox;
    }
  }

  /** A field of the request is not of its form. */
  public static final class Invalid extends FileException {
    public final String field;

    Invalid(String field, String message) {
      super(message, null);
      this.field = field;
    }
  }
}
