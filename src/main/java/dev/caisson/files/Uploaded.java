package dev.caisson.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Content on its way into a sandbox, which is used for as long as it comes. */
final class Uploaded extends FilterInputStream {
  /** After so many bytes that is said again. */
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
