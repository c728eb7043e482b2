package dev.caisson.supervisor.files;

import static dev.caisson.supervisor.system.OpenFlags.O_CLOEXEC;
import static dev.caisson.supervisor.system.OpenFlags.O_CREAT;
import static dev.caisson.supervisor.system.OpenFlags.O_DIRECTORY;
import static dev.caisson.supervisor.system.OpenFlags.O_EXCL;
import static dev.caisson.supervisor.system.OpenFlags.O_NOCTTY;
import static dev.caisson.supervisor.system.OpenFlags.O_NOFOLLOW;
import static dev.caisson.supervisor.system.OpenFlags.O_NONBLOCK;
import static dev.caisson.supervisor.system.OpenFlags.O_PATH;
import static dev.caisson.supervisor.system.OpenFlags.O_WRONLY;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.Identity;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * System calls on files. java.nio takes names in the locale's encoding alone (ASCII in a sandbox)
 * and gives reasons as text; here names are bytes, and a refusal carries the error's name. One
 * thread's at a time.
 */
public final class FileCalls {
  static final int WORKING_DIRECTORY = -100;

  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int RENAME_NOREPLACE = 1;
  private static final int STATX_BASIC_STATS = 0x7FF;
  private static final int STATX_SIZE = 256;
  private static final int SEEK_CUR = 1;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int UTIME_OMIT = (1 << 30) - 2;

  private static final int LONGEST_TARGET = 4096;
  private static final byte[] NO_NAME = {};

  private static final long CHMOD = LibC.function("chmod");
  private static final long FCHOWNAT = LibC.function("fchownat");
  private static final long GETDENTS = LibC.function("getdents64");
  private static final long GETRANDOM = LibC.function("getrandom");
  private static final long FSTATFS = LibC.function("fstatfs");
  private static final long FTRUNCATE = LibC.function("ftruncate");
  private static final long LINKAT = LibC.function("linkat");
  private static final long LSEEK = LibC.function("lseek");
  private static final long MKDIRAT = LibC.function("mkdirat");
  private static final long MKNODAT = LibC.function("mknodat");
  private static final long OPENAT = LibC.function("openat");
  private static final long PREAD = LibC.function("pread");
  private static final long READLINKAT = LibC.function("readlinkat");
  private static final long RENAMEAT = LibC.function("renameat2");
  private static final long STATX = LibC.function("statx");
  private static final long SYMLINKAT = LibC.function("symlinkat");
  private static final long UNLINKAT = LibC.function("unlinkat");
  private static final long UTIMENSAT = LibC.function("utimensat");

  private final LibC libc = new LibC();
  private final MemorySegment statx = Arena.ofAuto().allocate(STATX_SIZE, 8);

  /** Opens a plain file to read it; one that turned into something else does not block. */
  int openFile(FilePlace place, boolean follow) throws RefusedException {
    return open(place, O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW), 0);
  }

  /** Opens a directory to list it. */
  int openDirectory(FilePlace place, boolean follow) throws RefusedException {
    return open(place, O_DIRECTORY | (follow ? 0 : O_NOFOLLOW), 0);
  }

  /** Opens a directory to name what is in it. */
  int openParent(FilePlace place) throws RefusedException {
    return open(place, O_PATH | O_DIRECTORY, 0);
  }

  /** Makes a file that only its owner can read yet. */
  int create(FilePlace place) throws RefusedException {
    return open(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  }

  private int open(FilePlace place, int flags, int mode) throws RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      long name = name(arena, place.name());
      return check(place, libc.call(OPENAT, place.directory(), name, flags | O_CLOEXEC, mode));
    }
  }

  void close(int descriptor) {
    libc.close(descriptor);
  }

  FileStat stat(FilePlace place, boolean follow) throws RefusedException {
    return stat(place, place.directory(), place.name(), follow ? 0 : AT_SYMLINK_NOFOLLOW);
  }

  /** Describes the open file. */
  FileStat stat(FilePlace place, int descriptor) throws RefusedException {
    return stat(place, descriptor, NO_NAME, AT_EMPTY_PATH);
  }

  private FileStat stat(FilePlace place, int directory, byte[] name, int flags)
      throws RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      long text = name(arena, name);
      check(place, libc.call(STATX, directory, text, flags, STATX_BASIC_STATS, statx.address()));
    }
    int mode = Short.toUnsignedInt(statx.get(JAVA_SHORT, 28));
    long modified = statx.get(JAVA_LONG, 112) * 1_000_000 + statx.get(JAVA_INT, 120) / 1_000;
    return new FileStat(
        type(mode),
        // A file system of somebody's own making can say anything.
        Math.max(0, statx.get(JAVA_LONG, 40)),
        mode & 07777,
        Integer.toUnsignedLong(statx.get(JAVA_INT, 20)),
        Integer.toUnsignedLong(statx.get(JAVA_INT, 24)),
        modified,
        (long) statx.get(JAVA_INT, 136) << 32 | Integer.toUnsignedLong(statx.get(JAVA_INT, 140)),
        statx.get(JAVA_LONG, 32),
        Integer.toUnsignedLong(statx.get(JAVA_INT, 16)),
        device(statx.get(JAVA_INT, 128), statx.get(JAVA_INT, 132)),
        Math.max(0, statx.get(JAVA_LONG, 48)) * 512);
  }

  /** Returns a device's number, packed as by {@code makedev}. */
  private static long device(long major, long minor) {
    return (major & 0xFFFFF000L) << 32
        | (major & 0xFFF) << 8
        | (minor & 0xFFFFFF00L) << 12
        | (minor & 0xFF);
  }

  private static FileInfo.Type type(int mode) {
    return switch (mode >> 12) {
      case 1 -> FileInfo.Type.FIFO;
      case 2 -> FileInfo.Type.CHARACTER_DEVICE;
      case 4 -> FileInfo.Type.DIRECTORY;
      case 6 -> FileInfo.Type.BLOCK_DEVICE;
      case 10 -> FileInfo.Type.LINK;
      case 12 -> FileInfo.Type.SOCKET;
      default -> FileInfo.Type.FILE;
    };
  }

  private static int typeBits(FileInfo.Type type) {
    return switch (type) {
      case FIFO -> 1 << 12;
      case CHARACTER_DEVICE -> 2 << 12;
      case DIRECTORY -> 4 << 12;
      case BLOCK_DEVICE -> 6 << 12;
      case LINK -> 10 << 12;
      case SOCKET -> 12 << 12;
      case FILE -> 8 << 12;
    };
  }

  /** Returns the kind of the file system on which this is open ({@code f_type}). */
  long fileSystem(FilePlace place, int descriptor) throws RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(256, 8);
      check(place, libc.call(FSTATFS, descriptor, answer.address()));
      return answer.get(JAVA_LONG, 0);
    }
  }

  /** Reads some of a directory's names, without its dots; none when there are no more. */
  List<byte[]> names(FilePlace place, int descriptor, MemorySegment buffer)
      throws RefusedException {
    List<byte[]> names = new ArrayList<>();
    while (names.isEmpty()) {
      long address = buffer.address();
      int count = check(place, libc.call(GETDENTS, descriptor, address, buffer.byteSize()));
      if (count == 0) {
        return names;
      }
      for (long at = 0; at < count; ) {
        int length = Short.toUnsignedInt(buffer.get(JAVA_SHORT.withByteAlignment(1), at + 16));
        long end = at + 19;
        while (buffer.get(JAVA_BYTE, end) != 0) {
          end++;
        }
        byte[] name = buffer.asSlice(at + 19, end - at - 19).toArray(JAVA_BYTE);
        if (!isDots(name)) {
          names.add(name);
        }
        at += length;
      }
    }
    return names;
  }

  /** Returns whether the name is {@code .} or {@code ..}. */
  static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  /** Reads the target of a link. */
  byte[] target(FilePlace place) throws RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(LONGEST_TARGET);
      long name = name(arena, place.name());
      int length =
          check(
              place,
              libc.call(READLINKAT, place.directory(), name, buffer.address(), LONGEST_TARGET));
      return buffer.asSlice(0, length).toArray(JAVA_BYTE);
    }
  }

  /** Reads from an offset as much as there is and fits: the count, 0 at the end. */
  int read(FilePlace place, int descriptor, MemorySegment into, long length, long offset)
      throws RefusedException {
    long count;
    do {
      count = libc.call(PREAD, descriptor, into.address(), length, offset);
    } while (count < 0 && libc.errno() == Errno.EINTR);
    return check(place, count);
  }

  /**
   * Returns the offset at which data begins, at {@code from} or later; -1 where there is none.
   *
   * @throws RefusedException if the file system does not tell
   */
  long data(FilePlace place, int descriptor, long from) throws RefusedException {
    long at = libc.call(LSEEK, descriptor, from, SEEK_DATA);
    if (at < 0 && libc.errno() != Errno.ENXIO) {
      throw refused(place, libc.errno());
    }
    return at;
  }

  /** Returns the offset at which the data at {@code from} ends. */
  long hole(FilePlace place, int descriptor, long from) throws RefusedException {
    return position(place, libc.call(LSEEK, descriptor, from, SEEK_HOLE));
  }

  /** Leaves out so many bytes before the next ones; where none come, {@link #extend} makes them. */
  void skip(FilePlace place, int descriptor, long count) throws RefusedException {
    position(place, libc.call(LSEEK, descriptor, count, SEEK_CUR));
  }

  /** Makes a file end where the next bytes would come. */
  void extend(FilePlace place, int descriptor) throws RefusedException {
    long end = position(place, libc.call(LSEEK, descriptor, 0, SEEK_CUR));
    check(place, libc.call(FTRUNCATE, descriptor, end));
  }

  private long position(FilePlace place, long result) throws RefusedException {
    if (result < 0) {
      throw refused(place, libc.errno());
    }
    return result;
  }

  /** Writes all of these bytes, through a buffer that takes them. */
  void write(FilePlace place, int descriptor, byte[] bytes, MemorySegment buffer)
      throws RefusedException {
    for (int done = 0; done < bytes.length; ) {
      int length = (int) Math.min(buffer.byteSize(), bytes.length - done);
      MemorySegment.copy(bytes, done, buffer, JAVA_BYTE, 0, length);
      write(place, descriptor, buffer, length);
      done += length;
    }
  }

  void write(FilePlace place, int descriptor, MemorySegment buffer, int length)
      throws RefusedException {
    for (int done = 0; done < length; ) {
      int count = libc.write(descriptor, buffer, done, (long) length - done);
      if (count < 0 && libc.errno() == Errno.EINTR) {
        continue;
      }
      done += check(place, count);
    }
  }

  void makeDirectory(FilePlace place, int mode) throws RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      long name = name(arena, place.name());
      check(place, libc.call(MKDIRAT, place.directory(), name, mode));
    }
  }

  /** Makes a fifo, device or socket's name. */
  void makeNode(FilePlace place, FileInfo.Type type, long special) throws RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      long name = name(arena, place.name());
      int mode = typeBits(type) | 0600;
      check(place, libc.call(MKNODAT, place.directory(), name, mode, special));
    }
  }

  void makeLink(FilePlace place, byte[] target) throws RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      long text = name(arena, target);
      long name = name(arena, place.name());
      check(place, libc.call(SYMLINKAT, text, place.directory(), name));
    }
  }

  void makeName(FilePlace of, FilePlace place) throws RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      long old = name(arena, of.name());
      long name = name(arena, place.name());
      check(place, libc.call(LINKAT, of.directory(), old, place.directory(), name, 0));
    }
  }

  /** Gives another name, at once for all who look. */
  void rename(FilePlace from, FilePlace to, boolean overwrite) throws RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      long old = name(arena, from.name());
      long name = name(arena, to.name());
      int flags = overwrite ? 0 : RENAME_NOREPLACE;
      int result = (int) libc.call(RENAMEAT, from.directory(), old, to.directory(), name, flags);
      if (result < 0) {
        int errno = libc.errno();
        // Who of the two is to blame.
        throw refused(errno == Errno.ENOENT && !isThere(from) ? from : to, errno);
      }
    }
  }

  boolean isThere(FilePlace place) {
    try {
      stat(place, false);
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  void unlink(FilePlace place, boolean directory) throws RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      long name = name(arena, place.name());
      int flags = directory ? AT_REMOVEDIR : 0;
      check(place, libc.call(UNLINKAT, place.directory(), name, flags));
    }
  }

  /**
   * Gives a file its owner, mode (-1: stays) and time (0: stays); of a link never what it leads to.
   */
  void change(FilePlace place, int mode, Identity owner, long modifiedAt) throws RefusedException {
    change(place, mode, owner.uid(), owner.gid(), modifiedAt);
  }

  /** Gives a file its owner by numbers (-1: stays), mode and time, likewise. */
  void change(FilePlace place, int mode, long uid, long gid, long modifiedAt)
      throws RefusedException {
    int descriptor = open(place, O_PATH | O_NOFOLLOW, 0);
    try (Arena arena = Arena.ofConfined()) {
      long nothing = name(arena, NO_NAME);
      if (uid >= 0 || gid >= 0) {
        check(place, libc.call(FCHOWNAT, descriptor, nothing, uid, gid, AT_EMPTY_PATH));
      }
      // After the owner: a change of that takes set-user-id away.
      long self = name(arena, self(descriptor));
      if (mode >= 0) {
        if (stat(place, descriptor).isLink()) {
          throw new RefusedException(
              RefusalCode.EOPNOTSUPP, place + ": a link has no mode of its own");
        }
        check(place, libc.call(CHMOD, self, mode & 07777));
      }
      if (modifiedAt != 0) {
        time(arena, place, modifiedAt);
      }
    } finally {
      close(descriptor);
    }
  }

  private void time(Arena arena, FilePlace place, long modifiedAt) throws RefusedException {
    MemorySegment times = arena.allocate(JAVA_LONG, 4);
    times.setAtIndex(JAVA_LONG, 1, UTIME_OMIT);
    times.setAtIndex(JAVA_LONG, 2, Math.floorDiv(modifiedAt, 1_000_000L));
    times.setAtIndex(JAVA_LONG, 3, Math.floorMod(modifiedAt, 1_000_000L) * 1_000);
    long name = name(arena, place.name());
    check(
        place, libc.call(UTIMENSAT, place.directory(), name, times.address(), AT_SYMLINK_NOFOLLOW));
  }

  /** Returns the name under which a process finds its own open descriptor. */
  static byte[] self(int descriptor) {
    return ("/proc/self/fd/" + descriptor).getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns random bytes, which cannot be guessed. */
  byte[] random(int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(count);
      if (libc.call(GETRANDOM, buffer.address(), count, 0) != count) {
        throw new IllegalStateException("the kernel gives no random bytes");
      }
      return buffer.toArray(JAVA_BYTE);
    }
  }

  private static long name(Arena arena, byte[] name) {
    MemorySegment text = arena.allocate(name.length + 1L);
    MemorySegment.copy(name, 0, text, JAVA_BYTE, 0, name.length);
    return text.address();
  }

  private int check(FilePlace place, long result) throws RefusedException {
    if ((int) result < 0) {
      throw refused(place, libc.errno());
    }
    return (int) result;
  }

  static RefusedException refused(FilePlace place, int errno) {
    return new RefusedException(Errno.name(errno), place + ": " + Errno.text(errno));
  }
}
