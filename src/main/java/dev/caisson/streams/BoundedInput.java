package dev.caisson.streams;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * An input from an untrusted sender, of which no more than a bound is read while there is one; then
 * it fails.
 */
public final class BoundedInput extends FilterInputStream {
  private static final long NO_BOUND = Long.MAX_VALUE;

  private long left = NO_BOUND;
  private int bound;

  /** Creates an input that reads from this one, without a bound at first. */
  public BoundedInput(InputStream in) {
    super(in);
  }

  /** Lets this many bytes be read from here on. */
  public void bound(int bytes) {
    left = bytes;
    bound = bytes;
  }

  /** Lets any number of bytes be read from here on. */
  public void unbound() {
    left = NO_BOUND;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    if (read >= 0) {
      count(1);
    }
    return read;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int read = super.read(bytes, from, length);
    count(Math.max(0, read));
    return read;
  }

  @Override
  public long skip(long bytes) throws IOException {
    long skipped = super.skip(bytes);
    count(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(long bytes) throws IOException {
    if (left == NO_BOUND) {
      return;
    }
    left -= bytes;
    if (left < 0) {
      throw new IOException("more than the " + bound + " bytes that a head may have");
    }
  }
}
