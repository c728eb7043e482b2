package dev.caisson.supervisor.system;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The way into the C library. In a sandbox it is the kit's {@code libcalls.so}, named by {@value
 * #PROPERTY}; where there is no kit, as in the tests of this package, the JDK's linker, which makes
 * its code anew at each start: a quarter of what a supervisor's start takes.
 *
 * <p>Every call has the shape of six integers: on x86-64 and arm64 numbers and addresses travel in
 * the same registers, and surplus ones are ignored.
 */
final class NativeCalls {
  private static final String PROPERTY = "caisson.calls";

  private static final boolean KIT = load(System.getProperty(PROPERTY));

  private NativeCalls() {}

  @SuppressWarnings("restricted")
  private static boolean load(@Nullable String library) {
    if (library == null) {
      return false;
    }
    System.load(library);
    return true;
  }

  /** Returns the address of a function; 0 where the C library has none of this name. */
  static long address(String function) {
    return KIT ? find(function) : Linked.find(function);
  }

  /**
   * Calls a function; its result counts in as many bits as its own type has.
   *
   * @param errno the address of four bytes, which are the library's {@code errno} afterwards
   */
  static long call(long function, long errno, long a, long b, long c, long d, long e, long f) {
    return KIT
        ? enter(function, errno, a, b, c, d, e, f)
        : Linked.enter(function, errno, a, b, c, d, e, f);
  }

  /** Returns the address of a direct buffer's first byte, wherever its position is. */
  static long address(ByteBuffer buffer) {
    return KIT ? locate(buffer) : MemorySegment.ofBuffer(buffer.duplicate().clear()).address();
  }

  private static native long find(String function);

  private static native long locate(ByteBuffer buffer);

  private static native long enter(
      long function, long errno, long a, long b, long c, long d, long e, long f);

  /** The way into the C library by the JDK's linker. */
  private static final class Linked {
    private static final Linker LINKER = Linker.nativeLinker();

    @SuppressWarnings("restricted")
    private static final MethodHandle CALL =
        LINKER.downcallHandle(
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    static long find(String function) {
      return LINKER.defaultLookup().find(function).map(MemorySegment::address).orElse(0L);
    }

    @SuppressWarnings("restricted")
    static long enter(long function, long errno, long a, long b, long c, long d, long e, long f) {
      try {
        MemorySegment state = MemorySegment.ofAddress(errno).reinterpret(Integer.BYTES);
        return (long) CALL.invokeExact(MemorySegment.ofAddress(function), state, a, b, c, d, e, f);
      } catch (RuntimeException | Error failure) {
        throw failure;
      } catch (Throwable impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }
}
