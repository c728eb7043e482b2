package dev.caisson.cli.copy;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * An input that reads as much as is asked for, up to the end: commons-compress (1.28) takes a
 * shorter read for the end of a sparse file's extent, and goes on with the next.
 */
final class FullReads extends FilterInputStream {
  FullReads(InputStream in) {
    super(in);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = in.readNBytes(into, offset, length);
    return count == 0 && length > 0 ? -1 : count;
  }
}
