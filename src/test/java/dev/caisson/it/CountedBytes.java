package dev.caisson.it;

import java.io.InputStream;
import java.security.MessageDigest;

/** So many bytes, 0 to 255 again and again, digested as they are read. */
public final class CountedBytes extends InputStream {
  private final MessageDigest digest;
  private long left;
  private int next;

  public CountedBytes(long length, MessageDigest digest) {
    this.left = length;
    this.digest = digest;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    int count = (int) Math.min(length, left);
    for (int i = 0; i < count; i++) {
      bytes[offset + i] = (byte) next++;
    }
    left -= count;
    digest.update(bytes, offset, count);
    return count;
  }
}
