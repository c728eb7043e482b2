package dev.caisson.supervisor.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A short file that the kernel writes anew for each look; it stays open, so a look is one call. */
public final class KernelFile {
  private static final int LONGEST = 4 << 10;

  private final FileChannel channel;
  private final Path path;

  private KernelFile(FileChannel channel, Path path) {
    this.channel = channel;
    this.path = path;
  }

  public static KernelFile open(Path path) throws IOException {
    return new KernelFile(FileChannel.open(path, StandardOpenOption.READ), path);
  }

  public Path path() {
    return path;
  }

  /** Reads the file's lines as they are now. */
  public List<String> lines() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
    channel.read(bytes, 0);
    return StandardCharsets.UTF_8.decode(bytes.flip()).toString().lines().toList();
  }

  public void close() throws IOException {
    channel.close();
  }
}
