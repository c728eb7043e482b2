package dev.caisson.link;

import static dev.caisson.supervisor.system.OpenFlags.O_CLOEXEC;
import static dev.caisson.supervisor.system.OpenFlags.O_DIRECTORY;
import static dev.caisson.supervisor.system.OpenFlags.O_NOFOLLOW;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Flags of files that Java has no name for, as chattr(1) sets them. */
final class InodeFlags {
  private static final long FS_IOC_GETFLAGS = 0x80086601L;
  private static final long FS_IOC_SETFLAGS = 0x40086602L;
  private static final int FS_IMMUTABLE_FL = 0x10;

  private static final Linker LINKER = Linker.nativeLinker();

  private InodeFlags() {}

  /** The calls of the C library, bound only where a directory needs them. */
  @SuppressWarnings("restricted")
  private static final class Calls {
    private static final MethodHandle OPEN =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle IOCTL =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("ioctl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
  }

  /**
   * Makes a directory such that nothing in it can be made, removed or renamed, or undoes that.
   *
   * @throws IOException if the file system has no such flag, or this process may not set it
   */
  static void immutable(Path directory, boolean immutable) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor =
          (int)
              Calls.OPEN.invokeExact(
                  arena.allocateFrom(directory.toString()), O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (descriptor < 0) {
        throw new IOException("cannot open " + directory);
      }
      try {
        change(descriptor, arena.allocate(ValueLayout.JAVA_LONG), immutable);
      } finally {
        int _ = (int) Calls.CLOSE.invokeExact(descriptor);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void change(int descriptor, MemorySegment flags, boolean immutable)
      throws Throwable {
    if ((int) Calls.IOCTL.invokeExact(descriptor, FS_IOC_GETFLAGS, flags) != 0) {
      if (immutable) {
        throw new IOException("its file system has no flags of files");
      }
      return;
    }
    int now = flags.get(ValueLayout.JAVA_INT, 0);
    int wanted = immutable ? now | FS_IMMUTABLE_FL : now & ~FS_IMMUTABLE_FL;
    if (wanted == now) {
      return;
    }
    flags.set(ValueLayout.JAVA_INT, 0, wanted);
    if ((int) Calls.IOCTL.invokeExact(descriptor, FS_IOC_SETFLAGS, flags) != 0) {
      throw new IOException("the immutable flag cannot be changed");
    }
  }
}
