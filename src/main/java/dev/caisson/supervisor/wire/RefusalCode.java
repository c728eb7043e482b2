package dev.caisson.supervisor.wire;

import java.util.HashMap;
import java.util.Map;

/**
 * The codes of refusals. The wire carries their names, which are an open set: a peer of another
 * version can have others.
 */
public enum RefusalCode {
  NO_SUCH_PROCESS(Origin.SUPERVISOR, "the process is not known"),
  NO_SUCH_USER(Origin.SUPERVISOR, "the sandbox has no such user or group"),
  NOT_INTRODUCED(Origin.SUPERVISOR, "the supervisor has not been introduced"),
  NOT_CONFIGURED(Origin.SUPERVISOR, "the sandbox has not been configured"),
  NAME_TAKEN(Origin.SUPERVISOR, "a running process has this name"),
  KEY_REUSED(Origin.SUPERVISOR, "the key of the start was used for a different request"),
  INPUT_CLOSED(Origin.SUPERVISOR, "the input of the process is closed"),
  INPUT_GAP(Origin.SUPERVISOR, "the offset is beyond the end of the input"),
  INPUT_FULL(Origin.SUPERVISOR, "the process does not read its input"),
  NOT_A_FILE(Origin.SUPERVISOR, "not a regular file"),
  TOO_MANY_SEARCHES(Origin.SUPERVISOR, "as many searches as allowed are in progress"),
  SEARCH_TIME_OVER(Origin.SUPERVISOR, "the search took too long"),
  DOCKER_DISABLED(Origin.SUPERVISOR, "the sandbox was created without Docker"),
  UNSUPPORTED(Origin.SUPERVISOR, "the supervisor does not know the request"),
  INTERNAL(Origin.SUPERVISOR, "the supervisor has a fault"),

  /** A code of the service itself, which answers for the supervisor of an ended sandbox. */
  SANDBOX_ENDED(Origin.ARCHIVE, "the sandbox has ended and can only be read"),

  /** A code of the service itself, which reads the output that it has archived. */
  OUTPUT_LOST(Origin.ARCHIVE, "the output is no longer kept"),

  EPERM(Origin.SYSTEM, "operation not permitted"),
  ENOENT(Origin.SYSTEM, "no such file or directory"),
  ESRCH(Origin.SYSTEM, "no such process"),
  EINTR(Origin.SYSTEM, "interrupted"),
  EIO(Origin.SYSTEM, "input/output error"),
  ENXIO(Origin.SYSTEM, "no such device or address"),
  E2BIG(Origin.SYSTEM, "argument list too long"),
  ENOEXEC(Origin.SYSTEM, "exec format error"),
  EBADF(Origin.SYSTEM, "bad file descriptor"),
  ECHILD(Origin.SYSTEM, "no child processes"),
  EAGAIN(Origin.SYSTEM, "a limit of processes or memory was reached"),
  ENOMEM(Origin.SYSTEM, "out of memory"),
  EACCES(Origin.SYSTEM, "permission denied"),
  EBUSY(Origin.SYSTEM, "device or resource busy"),
  EEXIST(Origin.SYSTEM, "file exists"),
  EXDEV(Origin.SYSTEM, "on another file system"),
  ENODEV(Origin.SYSTEM, "no such device"),
  ENOTDIR(Origin.SYSTEM, "not a directory"),
  EISDIR(Origin.SYSTEM, "is a directory"),
  EINVAL(Origin.SYSTEM, "invalid argument"),
  ENFILE(Origin.SYSTEM, "too many open files in system"),
  EMFILE(Origin.SYSTEM, "too many open files"),
  ENOTTY(Origin.SYSTEM, "not a terminal"),
  ETXTBSY(Origin.SYSTEM, "text file busy"),
  EFBIG(Origin.SYSTEM, "file too large"),
  ENOSPC(Origin.SYSTEM, "no space left on device"),
  EROFS(Origin.SYSTEM, "read-only file system"),
  EMLINK(Origin.SYSTEM, "too many links"),
  EPIPE(Origin.SYSTEM, "broken pipe"),
  ENAMETOOLONG(Origin.SYSTEM, "file name too long"),
  ENOSYS(Origin.SYSTEM, "function not implemented"),
  ENOTEMPTY(Origin.SYSTEM, "directory not empty"),
  ELOOP(Origin.SYSTEM, "too many levels of symbolic links"),
  EOVERFLOW(Origin.SYSTEM, "value too large"),
  ELIBBAD(Origin.SYSTEM, "accessing a corrupted shared library"),
  EOPNOTSUPP(Origin.SYSTEM, "operation not supported"),
  ESHUTDOWN(Origin.SYSTEM, "the sandbox is being ended"),
  ETIMEDOUT(Origin.SYSTEM, "connection timed out"),
  ECONNREFUSED(Origin.SYSTEM, "connection refused"),
  EHOSTUNREACH(Origin.SYSTEM, "no route to host"),
  ESTALE(Origin.SYSTEM, "stale file handle"),
  EDQUOT(Origin.SYSTEM, "disk quota exceeded"),

  /** Any name of a system error that this version does not know. */
  OTHER_SYSTEM_ERROR(Origin.UNKNOWN, "a system error without a name here"),

  /** Any other name that this version does not know. */
  OTHER(Origin.UNKNOWN, "");

  private final Origin origin;
  private final String meaning;

  RefusalCode(Origin origin, String meaning) {
    this.origin = origin;
    this.meaning = meaning;
  }

  /** The sources of codes. */
  public enum Origin {
    SYSTEM,
    SUPERVISOR,
    ARCHIVE,
    UNKNOWN
  }

  /** Finds the code of this name: the one place where names become codes. */
  public static RefusalCode of(String name) {
    RefusalCode known = Names.KNOWN.get(name);
    if (known != null) {
      return known;
    }
    return name.matches("E[A-Z0-9_]{2,}") ? OTHER_SYSTEM_ERROR : OTHER;
  }

  /** Returns whether the system refused, and not the supervisor by a rule of its own. */
  public boolean isSystemError() {
    return origin == Origin.SYSTEM || this == OTHER_SYSTEM_ERROR;
  }

  public Origin origin() {
    return origin;
  }

  /** Returns what it means, in the system's words where it is a system error. */
  public String meaning() {
    return meaning;
  }

  /** The codes by their names, which only the service looks up. */
  private static final class Names {
    private static final Map<String, RefusalCode> KNOWN = new HashMap<>();

    static {
      for (RefusalCode code : values()) {
        if (code.origin != Origin.UNKNOWN) {
          KNOWN.put(code.name(), code);
        }
      }
    }
  }
}
