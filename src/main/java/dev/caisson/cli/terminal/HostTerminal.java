package dev.caisson.cli.terminal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.caisson.cli.client.CliException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The terminal of this process, through the C library. Its settings are opaque bytes here: the
 * library makes them raw, and gets them back as they were.
 */
public final class HostTerminal implements Terminal {
  private static final int IN = 0;
  private static final int OUT = 1;

  /** The bytes for the settings: more than any libc's struct termios takes. */
  private static final int SETTINGS = 256;

  private static final int TCSADRAIN = 1;
  private static final long TIOCGWINSZ = 0x5413;
  private static final Size USUAL = new Size(24, 80);

  /** The means to call the library; made when first needed, which most commands never do. */
  private static final class Library {
    private static final Linker LINKER = Linker.nativeLinker();

    /**
     * The handle of all calls, one shape for all: on x86-64 and arm64 surplus arguments are
     * ignored.
     */
    @SuppressWarnings("restricted")
    private static final MethodHandle CALL =
        LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private static final MemorySegment GET = function("tcgetattr");
    private static final MemorySegment SET = function("tcsetattr");
    private static final MemorySegment RAW = function("cfmakeraw");
    private static final MemorySegment IOCTL = function("ioctl");

    private static MemorySegment function(String name) {
      return LINKER.defaultLookup().findOrThrow(name);
    }

    static int call(MemorySegment function, long a, long b, long c) {
      try {
        return (int) CALL.invokeExact(function, a, b, c);
      } catch (RuntimeException | Error failure) {
        throw failure;
      } catch (Throwable impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  @Override
  public boolean input() {
    return is(IN);
  }

  @Override
  public boolean output() {
    return is(OUT);
  }

  private static boolean is(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment settings = arena.allocate(JAVA_BYTE, SETTINGS);
      return Library.call(Library.GET, descriptor, settings.address(), 0) == 0;
    }
  }

  @Override
  public Size size() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment words = arena.allocate(JAVA_SHORT, 4);
      if (Library.call(Library.IOCTL, OUT, TIOCGWINSZ, words.address()) != 0) {
        return USUAL;
      }
      int rows = Short.toUnsignedInt(words.getAtIndex(JAVA_SHORT, 0));
      int cols = Short.toUnsignedInt(words.getAtIndex(JAVA_SHORT, 1));
      return rows == 0 || cols == 0 ? USUAL : new Size(rows, cols);
    }
  }

  @Override
  public Raw raw() {
    MemorySegment before = Arena.global().allocate(JAVA_BYTE, SETTINGS);
    if (Library.call(Library.GET, IN, before.address(), 0) != 0) {
      throw new CliException.Failed("this is not a terminal");
    }
    AtomicBoolean restored = new AtomicBoolean();
    Runnable restore =
        () -> {
          if (!restored.getAndSet(true)) {
            Library.call(Library.SET, IN, TCSADRAIN, before.address());
          }
        };
    // Before anything is changed: a signal that ends the program can come at any moment.
    Thread atEnd = new Thread(restore, "restore-terminal");
    Runtime.getRuntime().addShutdownHook(atEnd);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment wanted = arena.allocate(JAVA_BYTE, SETTINGS).copyFrom(before);
      Library.call(Library.RAW, wanted.address(), 0, 0);
      Library.call(Library.SET, IN, TCSADRAIN, wanted.address());
    }
    return restore::run;
  }

  @Override
  public void on(String signal, Runnable action) {
    Signals.on(signal, action);
  }
}
