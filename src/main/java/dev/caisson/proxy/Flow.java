package dev.caisson.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A flow of bytes, carried on as they come. */
final class Flow {
  private static final int PIECE = 32 << 10;

  private Flow() {}

  /**
   * Carries all bytes; flushes each piece, since the other side may wait for it before it answers.
   */
  static void carry(InputStream from, OutputStream to) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
      to.write(piece, 0, count);
      to.flush();
    }
  }
}
