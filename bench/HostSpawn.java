import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code posix_spawn} and {@code waitpid} on the host: the least that a process can cost here. */
final class HostSpawn {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SPAWN =
      find(
          "posix_spawn",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS));
  private static final MethodHandle WAIT =
      find(
          "waitpid",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));

  private HostSpawn() {}

  /** Runs this program to its end, without arguments or environment. */
  static void run(String program) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(program);
      MemorySegment arguments = arena.allocate(ValueLayout.ADDRESS, 2);
      arguments.setAtIndex(ValueLayout.ADDRESS, 0, path);
      arguments.setAtIndex(ValueLayout.ADDRESS, 1, MemorySegment.NULL);
      MemorySegment environment = arena.allocate(ValueLayout.ADDRESS);
      environment.set(ValueLayout.ADDRESS, 0, MemorySegment.NULL);
      MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
      int error =
          (int)
              SPAWN.invokeExact(
                  pid, path, MemorySegment.NULL, MemorySegment.NULL, arguments, environment);
      if (error != 0) {
        throw new IllegalStateException("posix_spawn of " + program + ": error " + error);
      }
      int child = pid.get(ValueLayout.JAVA_INT, 0);
      if ((int) WAIT.invokeExact(child, status, 0) != child
          || status.get(ValueLayout.JAVA_INT, 0) != 0) {
        throw new IllegalStateException(program + " did not end well");
      }
    } catch (Exception e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle find(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), descriptor);
  }
}
