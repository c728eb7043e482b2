package dev.caisson.supervisor.system;

import java.util.Map;

/** The system errors that can reach a caller, by the numbers that x86-64 and arm64 share. */
public final class Errno {
  public static final int ENOENT = 2;
  static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int ENXIO = 6;
  public static final int ECHILD = 10;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EEXIST = 17;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int ELOOP = 40;

  private static final Map<Integer, Known> KNOWN =
      Map.ofEntries(
          Map.entry(1, new Known("EPERM", "operation not permitted")),
          Map.entry(ENOENT, new Known("ENOENT", "no such file or directory")),
          Map.entry(ESRCH, new Known("ESRCH", "no such process")),
          Map.entry(EINTR, new Known("EINTR", "interrupted")),
          Map.entry(5, new Known("EIO", "input/output error")),
          Map.entry(ENXIO, new Known("ENXIO", "no such device or address")),
          Map.entry(7, new Known("E2BIG", "argument list too long")),
          Map.entry(8, new Known("ENOEXEC", "exec format error")),
          Map.entry(9, new Known("EBADF", "bad file descriptor")),
          Map.entry(ECHILD, new Known("ECHILD", "no child processes")),
          Map.entry(EAGAIN, new Known("EAGAIN", "a limit of processes or memory was reached")),
          Map.entry(12, new Known("ENOMEM", "out of memory")),
          Map.entry(EACCES, new Known("EACCES", "permission denied")),
          Map.entry(16, new Known("EBUSY", "device or resource busy")),
          Map.entry(EEXIST, new Known("EEXIST", "file exists")),
          Map.entry(18, new Known("EXDEV", "on another file system")),
          Map.entry(19, new Known("ENODEV", "no such device")),
          Map.entry(ENOTDIR, new Known("ENOTDIR", "not a directory")),
          Map.entry(EISDIR, new Known("EISDIR", "is a directory")),
          Map.entry(22, new Known("EINVAL", "invalid argument")),
          Map.entry(23, new Known("ENFILE", "too many open files in system")),
          Map.entry(24, new Known("EMFILE", "too many open files")),
          Map.entry(25, new Known("ENOTTY", "not a terminal")),
          Map.entry(26, new Known("ETXTBSY", "text file busy")),
          Map.entry(27, new Known("EFBIG", "file too large")),
          Map.entry(28, new Known("ENOSPC", "no space left on device")),
          Map.entry(30, new Known("EROFS", "read-only file system")),
          Map.entry(31, new Known("EMLINK", "too many links")),
          Map.entry(32, new Known("EPIPE", "broken pipe")),
          Map.entry(36, new Known("ENAMETOOLONG", "file name too long")),
          Map.entry(38, new Known("ENOSYS", "function not implemented")),
          Map.entry(39, new Known("ENOTEMPTY", "directory not empty")),
          Map.entry(ELOOP, new Known("ELOOP", "too many levels of symbolic links")),
          Map.entry(75, new Known("EOVERFLOW", "value too large")),
          Map.entry(95, new Known("EOPNOTSUPP", "operation not supported")),
          Map.entry(116, new Known("ESTALE", "stale file handle")),
          Map.entry(122, new Known("EDQUOT", "disk quota exceeded")),
          Map.entry(80, new Known("ELIBBAD", "accessing a corrupted shared library")));

  private Errno() {}

  public static String name(int errno) {
    Known known = KNOWN.get(errno);
    return known == null ? "ERRNO_" + errno : known.name;
  }

  public static String text(int errno) {
    Known known = KNOWN.get(errno);
    return known == null ? "system error " + errno : known.text;
  }

  private record Known(String name, String text) {}
}
