package dev.caisson.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Bytes carried on as they come. */
final class Flow {
  private static final int PIECE = 32 << 10;

  private Flow() {}

  /** Carries all of them; each piece is flushed, since whoever waits for it may answer to it. */
  static void carry(InputStream from, OutputStream to) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
      to.write(piece, 0, count);
      to.flush();
    }
  }
}
