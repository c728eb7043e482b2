package dev.caisson.link;

import static dev.caisson.supervisor.system.OpenFlags.O_CLOEXEC;
import static dev.caisson.supervisor.system.OpenFlags.O_NOFOLLOW;
import static dev.caisson.supervisor.system.OpenFlags.O_PATH;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The connection to a socket in a directory that a sandbox's root can write: were it replaced by a
 * link, a plain connect would follow it, to the engine's own socket for one. So the path is opened
 * with {@code O_PATH|O_NOFOLLOW} first and connected to through {@code /proc/self/fd}.
 */
final class UntrustedSocket {
  private static final MethodHandle OPEN =
      function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);

  private UntrustedSocket() {}

  /**
   * Connects a channel.
   *
   * @throws NoSuchFileException if there is nothing at this path
   * @throws IOException if it is not a socket, or nothing listens
   */
  static SocketChannel connect(Path path) throws IOException {
    int descriptor = open(path);
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of("/proc/self/fd/" + descriptor));
        return channel;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } finally {
      call(CLOSE, descriptor);
    }
  }

  private static int open(Path path) throws NoSuchFileException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toString());
      int descriptor = call(OPEN, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
      if (descriptor < 0) {
        throw new NoSuchFileException(path.toString());
      }
      return descriptor;
    }
  }

  private static int call(MethodHandle handle, Object... arguments) {
    try {
      return (int) handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, java.lang.foreign.MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
  }
}
