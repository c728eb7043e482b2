package dev.caisson.it.service;

import dev.caisson.it.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/** A wall clock that a service is given, and that can be set while it runs. */
final class JumpingClock {
  private final Path file;
  private final Path library;

  /** Built in this directory, and right until it is set. */
  JumpingClock(Path directory) {
    file = directory.resolve("clock");
    library = directory.resolve("clock.so");
    set(Duration.ZERO);
    Machine.run(
        "gcc",
        "-shared",
        "-fPIC",
        "-O2",
        "-Wall",
        "-Werror",
        "-o",
        library.toString(),
        "src/test/resources/chaos/clock.c");
  }

  /** By which a program sees it. */
  Map<String, String> environment() {
    return Map.of("LD_PRELOAD", library.toString(), "CHAOS_CLOCK", file.toString());
  }

  /** Sets it to so much later than it is, or earlier. */
  void set(Duration ahead) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, ahead.toSeconds());
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(bytes, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
