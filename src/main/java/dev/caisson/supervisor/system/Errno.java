package dev.caisson.supervisor.system;

import dev.caisson.supervisor.wire.RefusalCode;
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

  private static final Map<Integer, RefusalCode> KNOWN =
      Map.ofEntries(
          Map.entry(1, RefusalCode.EPERM),
          Map.entry(ENOENT, RefusalCode.ENOENT),
          Map.entry(ESRCH, RefusalCode.ESRCH),
          Map.entry(EINTR, RefusalCode.EINTR),
          Map.entry(5, RefusalCode.EIO),
          Map.entry(ENXIO, RefusalCode.ENXIO),
          Map.entry(7, RefusalCode.E2BIG),
          Map.entry(8, RefusalCode.ENOEXEC),
          Map.entry(9, RefusalCode.EBADF),
          Map.entry(ECHILD, RefusalCode.ECHILD),
          Map.entry(EAGAIN, RefusalCode.EAGAIN),
          Map.entry(12, RefusalCode.ENOMEM),
          Map.entry(EACCES, RefusalCode.EACCES),
          Map.entry(16, RefusalCode.EBUSY),
          Map.entry(EEXIST, RefusalCode.EEXIST),
          Map.entry(18, RefusalCode.EXDEV),
          Map.entry(19, RefusalCode.ENODEV),
          Map.entry(ENOTDIR, RefusalCode.ENOTDIR),
          Map.entry(EISDIR, RefusalCode.EISDIR),
          Map.entry(22, RefusalCode.EINVAL),
          Map.entry(23, RefusalCode.ENFILE),
          Map.entry(24, RefusalCode.EMFILE),
          Map.entry(25, RefusalCode.ENOTTY),
          Map.entry(26, RefusalCode.ETXTBSY),
          Map.entry(27, RefusalCode.EFBIG),
          Map.entry(28, RefusalCode.ENOSPC),
          Map.entry(30, RefusalCode.EROFS),
          Map.entry(31, RefusalCode.EMLINK),
          Map.entry(32, RefusalCode.EPIPE),
          Map.entry(36, RefusalCode.ENAMETOOLONG),
          Map.entry(38, RefusalCode.ENOSYS),
          Map.entry(39, RefusalCode.ENOTEMPTY),
          Map.entry(ELOOP, RefusalCode.ELOOP),
          Map.entry(75, RefusalCode.EOVERFLOW),
          Map.entry(95, RefusalCode.EOPNOTSUPP),
          Map.entry(116, RefusalCode.ESTALE),
          Map.entry(122, RefusalCode.EDQUOT),
          Map.entry(80, RefusalCode.ELIBBAD));

  private Errno() {}

  public static String name(int errno) {
    RefusalCode known = KNOWN.get(errno);
    return known == null ? "ERRNO_" + errno : known.name();
  }

  public static String text(int errno) {
    RefusalCode known = KNOWN.get(errno);
    return known == null ? "system error " + errno : known.meaning();
  }
}
