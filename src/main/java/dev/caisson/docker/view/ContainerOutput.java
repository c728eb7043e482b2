package dev.caisson.docker.view;

import dev.caisson.supervisor.wire.StreamName;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The output of a container as its daemon sends it: pieces, each with a head that names stream and
 * length, or, of a container with a terminal, plain bytes.
 */
final class ContainerOutput {
  /**
   * The most bytes of a piece. The daemon cuts at 16 KiB, but the length comes out of a sandbox and
   * may be anything.
   */
  private static final int LONGEST = 1 << 20;

  private static final int STDERR = 2;

  private final DataInputStream in;
  private final boolean framed;
  private final Map<StreamName, Text> texts = new EnumMap<>(StreamName.class);

  /**
   * Creates a reader of this output.
   *
   * @param type of the content, by which the daemon tells the two apart
   */
  ContainerOutput(InputStream in, String type) {
    this.in = new DataInputStream(in);
    this.framed = !type.startsWith("application/vnd.docker.raw-stream");
  }

  /** A piece of one stream. */
  record Piece(StreamName stream, byte[] bytes) {}

  /** Waits for the next piece; returns null at the end. */
  @Nullable Piece next() throws IOException {
    return framed ? frame() : plain();
  }

  private @Nullable Piece frame() throws IOException {
    int stream = in.read();
    if (stream < 0) {
      return null;
    }
    in.readNBytes(3);
    int length = in.readInt();
    if (length < 0 || length > LONGEST) {
      throw new IOException("a piece of " + length + " bytes is out of bounds");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the output broke off");
    }
    return new Piece(stream == STDERR ? StreamName.STDERR : StreamName.STDOUT, bytes);
  }

  private @Nullable Piece plain() throws IOException {
    byte[] bytes = new byte[8192];
    int count = in.read(bytes);
    return count < 0 ? null : new Piece(StreamName.STDOUT, Arrays.copyOf(bytes, count));
  }

  /** Returns the characters that a piece completes. */
  String text(Piece piece) {
    return texts.computeIfAbsent(piece.stream(), _ -> new Text()).take(piece.bytes());
  }

  /** A decoder that holds a character that was cut until its rest comes. */
  private static final class Text {
    private static final int MOST_HELD = 4;

    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] held = {};

    String take(byte[] bytes) {
      ByteBuffer all = ByteBuffer.allocate(held.length + bytes.length);
      all.put(held).put(bytes).flip();
      CharBuffer text = CharBuffer.allocate(all.remaining() + MOST_HELD);
      decoder.decode(all, text, false);
      held = new byte[all.remaining()];
      all.get(held);
      return text.flip().toString();
    }
  }
}
