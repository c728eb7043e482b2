package dev.caisson.cli.copy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A file whose blocks of zeros are written as holes, where the file system has such. */
final class SparseFile {
  private static final int PIECE = 64 << 10;
  private static final int BLOCK = 4 << 10;
  private static final byte[] ZEROS = new byte[BLOCK];

  private SparseFile() {}

  /** Writes all content into a file that is there, and empty. */
  static void write(InputStream content, Path file) throws IOException {
    try (FileChannel to = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long size = 0;
      byte[] piece = new byte[PIECE];
      for (int count = PIECE; count == PIECE; size += count) {
        count = content.readNBytes(piece, 0, PIECE);
        writeData(piece, count, to, size);
      }
      if (to.size() < size) {
        // The file ends with a hole; its last byte makes it that long.
        to.write(ByteBuffer.allocate(1), size - 1);
      }
    }
  }

  private static void writeData(byte[] piece, int length, FileChannel to, long offset)
      throws IOException {
    int from = 0;
    for (int at = 0; at < length; at = Math.min(at + BLOCK, length)) {
      int end = Math.min(at + BLOCK, length);
      if (Arrays.equals(piece, at, end, ZEROS, 0, end - at)) {
        write(piece, from, at, to, offset);
        from = end;
      }
    }
    write(piece, from, length, to, offset);
  }

  private static void write(byte[] piece, int from, int end, FileChannel to, long offset)
      throws IOException {
    ByteBuffer data = ByteBuffer.wrap(piece, from, end - from);
    while (data.hasRemaining()) {
      to.write(data, offset + data.position());
    }
  }
}
