package dev.caisson.link;

import dev.caisson.supervisor.wire.Chunk;
import dev.caisson.supervisor.wire.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The content that a file is written with, sent in pieces; blocks of zeros as holes, where that is
 * wanted.
 */
final class Content {
  private static final int PIECE = 256 << 10;

  /** The least that a file system keeps room for, in bytes. */
  private static final int BLOCK = 4 << 10;

  private static final byte[] ZEROS = new byte[BLOCK];

  private final InputStream in;
  private final boolean holes;
  private long hole;

  Content(InputStream in, boolean holes) {
    this.in = in;
    this.holes = holes;
  }

  /**
   * Sends the content to its end; returns whether the supervisor took it all: if not, it has said
   * why.
   *
   * @throws IOException if it cannot be read
   */
  boolean send(Connection connection) throws IOException {
    while (true) {
      byte[] piece = in.readNBytes(PIECE);
      boolean last = piece.length < PIECE;
      try {
        send(connection, piece, last);
      } catch (IOException e) {
        return false;
      }
      if (last) {
        return true;
      }
    }
  }

  private void send(Connection connection, byte[] piece, boolean last) throws IOException {
    if (!holes) {
      connection.send(new Chunk(piece, last));
      return;
    }
    int at = 0;
    while (at < piece.length) {
      int data = skipZeros(piece, at);
      hole += data - at;
      at = skipData(piece, data);
      if (at > data) {
        connection.send(new Chunk(Arrays.copyOfRange(piece, data, at), false, hole));
        hole = 0;
      }
    }
    if (last) {
      connection.send(new Chunk(new byte[0], true, hole));
    }
  }

  private static int skipZeros(byte[] piece, int from) {
    int at = from;
    while (at < piece.length && isZero(piece, at)) {
      at = end(piece, at);
    }
    return at;
  }

  private static int skipData(byte[] piece, int from) {
    int at = from;
    while (at < piece.length && !isZero(piece, at)) {
      at = end(piece, at);
    }
    return at;
  }

  private static int end(byte[] piece, int at) {
    return Math.min(at + BLOCK, piece.length);
  }

  private static boolean isZero(byte[] piece, int at) {
    int end = end(piece, at);
    return Arrays.equals(piece, at, end, ZEROS, 0, end - at);
  }
}
