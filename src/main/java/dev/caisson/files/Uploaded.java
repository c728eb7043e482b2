package dev.caisson.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The content on its way into a sandbox, which counts as used for as long as content comes. */
final class Uploaded extends FilterInputStream {
  /** The number of bytes after which the use is reported again. */
  private static final long OFTEN = 32 << 20;

  private final Runnable used;
  private long unsaid;

  Uploaded(InputStream content, Runnable used) {
    super(content);
    this.used = used;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = super.read(into, offset, length);
    unsaid += Math.max(0, count);
    if (unsaid >= OFTEN) {
      unsaid = 0;
      used.run();
    }
    return count;
  }
}
