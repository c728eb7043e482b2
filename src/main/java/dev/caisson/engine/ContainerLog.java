package dev.caisson.engine;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The engine's framing of a container's two streams, taken off; decoded once all of it is there.
 */
final class ContainerLog {
  /** The length of a frame's header: stream, three bytes of nothing, length. */
  private static final int HEADER = 8;

  /** The size in bytes at which a log is cut: its last lines are evidence for people. */
  private static final int LONGEST = 1 << 20;

  private ContainerLog() {}

  static String read(InputStream body) throws IOException {
    DataInputStream in = new DataInputStream(body);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] header = new byte[HEADER];
    try {
      while (text.size() < LONGEST) {
        in.readFully(header);
        int length = ByteBuffer.wrap(header).getInt(4);
        if (length < 0 || length > LONGEST) {
          throw new IOException("a frame of the log is " + length + " bytes long");
        }
        byte[] frame = new byte[length];
        in.readFully(frame);
        text.write(frame);
      }
    } catch (EOFException e) {
      // The end of the log, or of the connection: what came is all there is.
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
