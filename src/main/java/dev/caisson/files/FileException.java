package dev.caisson.files;

import dev.caisson.error.CaissonException;
import dev.caisson.error.CommonErrorCode;
import dev.caisson.error.ErrorCode;
import dev.caisson.error.FieldError;
import dev.caisson.error.RelayedCode;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.PathText;
import dev.caisson.supervisor.wire.RefusalCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An error that concerns the files of a sandbox. */
public abstract sealed class FileException extends CaissonException {

  private FileException(
      ErrorCode code, Map<String, ?> details, String message, @Nullable Throwable cause) {
    super(code, details, message, cause);
  }

  private FileException(FieldError field) {
    super(field, null);
  }

  private static Map<String, ?> of(SandboxId sandbox, String path) {
    return Map.of("sandbox", sandbox.value(), "path", path);
  }

  /** A refusal by the sandbox's system. */
  public static final class Refused extends FileException {
    /** The code of the refusal. */
    public final RefusalCode reason;

    Refused(String path, SupervisorException.Refused no) {
      super(
          new RelayedCode(no.code().name(), FileErrors.kind(no.reason), no.reason.meaning()),
          of(no.sandbox, PathText.shown(path)),
          String.valueOf(no.getMessage()),
          no);
      this.reason = no.reason;
    }
  }

  /** A range of which the file has no byte. */
  public static final class NoSuchRange extends FileException {
    public final long size;

    NoSuchRange(SandboxId sandbox, String path, long size) {
      super(
          CommonErrorCode.NO_SUCH_RANGE,
          of(sandbox, path),
          path + " has " + size + " bytes, and none in the requested range",
          null);
      this.size = size;
    }
  }

  /** A write of a file only if it is new, where there is one already. */
  public static final class NotNew extends FileException {
    NotNew(SandboxId sandbox, String path, Throwable cause) {
      super(FileErrorCode.FILE_EXISTS, of(sandbox, path), path + " already exists", cause);
    }
  }

  /**
   * A content that ended before its end, or is no archive; whole entries of an archive stay in
   * place.
   */
  public static final class BadContent extends FileException {
    BadContent(SandboxId sandbox, String path, String message, @Nullable Throwable cause) {
      super(FileErrorCode.BAD_CONTENT, of(sandbox, PathText.shown(path)), message, cause);
    }
  }

  /** A search beyond the number that a sandbox does at once. */
  public static final class TooManySearches extends FileException {
    TooManySearches(SandboxId sandbox, Throwable cause) {
      super(
          FileErrorCode.TOO_MANY_SEARCHES,
          Map.of("sandbox", sandbox.value(), "retryAfterMs", 1000),
          String.valueOf(cause.getMessage()),
          cause);
    }
  }

  /** A field of the request that is not of its form. */
  public static final class Invalid extends FileException {
    Invalid(String field, String message) {
      super(new FieldError(field, message));
    }
  }
}
