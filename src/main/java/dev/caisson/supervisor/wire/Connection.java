package dev.caisson.supervisor.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages over a byte channel (a unix socket today, TCP later): each a frame of a four-byte length
 * and a body. One thread reads and one writes at a time; what the peer sends is bounded and
 * checked.
 */
public final class Connection implements AutoCloseable {
  /**
   * The version both ends state; it grows when an old peer could misunderstand, which ends every
   * sandbox that is newer than its service. What can be added is a {@link #REVISION} instead.
   */
  public static final int PROTOCOL = 1;

  /**
   * The revision of the wire that is known here: it grows with each addition, which is marked by
   * {@link Since}. A supervisor greets with its own; one from before there were revisions has 0.
   */
  public static final int REVISION = 4;

  /** The longest frame either end sends or accepts, in bytes. */
  public static final int MAX_FRAME = 8 << 20;

  /** The most bytes worth copying so that they go out in one write. */
  private static final int TOGETHER = 4 << 10;

  /** The largest buffer that the JDK keeps for a supervisor's next read. */
  private static final int PIECE = 128 << 10;

  private final ByteChannel channel;
  private final @Nullable Intake intake;
  private final ByteBuffer in = ByteBuffer.allocate(16 << 10).flip();

  /** Creates a connection to a peer that is trusted to keep to the rules. */
  public Connection(ByteChannel channel) {
    this(channel, null);
  }

  /** Creates a connection to a peer in a sandbox, with this limit on what is accepted from it. */
  public Connection(ByteChannel channel, @Nullable Intake intake) {
    this.channel = channel;
    this.intake = intake;
  }

  /**
   * Sends a message; returns when the channel has taken it.
   *
   * @return how many bytes it was, with its length
   * @throws IOException if the peer is gone, or the message is longer than {@link #MAX_FRAME}
   */
  public int send(Message message) throws IOException {
    ByteBuffer frame = frame(message);
    int length = frame.remaining();
    writeBytes(frame);
    return length;
  }

  /** Sends these, as far as they are small in one write: a write wakes the peer. */
  public void send(List<? extends Message> messages) throws IOException {
    ByteBuffer together = ByteBuffer.allocate(TOGETHER);
    for (Message message : messages) {
      ByteBuffer frame = frame(message);
      if (frame.remaining() > together.remaining()) {
        writeBytes(together.flip());
        together.clear();
      }
      if (frame.remaining() > together.remaining()) {
        writeBytes(frame);
      } else {
        together.put(frame);
      }
    }
    writeBytes(together.flip());
  }

  private static ByteBuffer frame(Message message) throws IOException {
    ByteBuffer frame = Codec.frame(message);
    int length = frame.remaining() - Integer.BYTES;
    if (length > MAX_FRAME) {
      throw new IOException("frame of " + length + " bytes is too long");
    }
    return frame;
  }

  /**
   * Returns whether the next message has come already, in whole: {@link #receive()} would not wait.
   */
  public boolean hasReceived() {
    return in.remaining() >= Integer.BYTES
        && in.remaining() - Integer.BYTES >= in.getInt(in.position());
  }

  /** Returns whether bytes have come that are not yet read. */
  public boolean hasMore() {
    return in.hasRemaining();
  }

  /**
   * Receives the next message.
   *
   * @throws EOFException if the peer closed between messages or within one
   * @throws UnknownMessageException if it is of a kind not known here; the next can still be read
   * @throws BrokenRuleException if the peer is in a sandbox and breaks the rules
   * @throws IOException if the connection broke or the peer does not keep to the format
   */
  public Message receive() throws IOException {
    int length = ByteBuffer.wrap(read(Integer.BYTES)).getInt();
    if (intake != null) {
      return receiveUntrusted(length, intake);
    }
    if (length <= 0 || length > MAX_FRAME) {
      throw new IOException("frame length " + length + " is out of bounds");
    }
    return Codec.decode(read(length));
  }

  /** Receives an answer from a sandbox: its kind comes first and decides how long it may be. */
  private Message receiveUntrusted(int length, Intake budget) throws IOException {
    if (length <= 0) {
      throw new BrokenRuleException("a frame is empty");
    }
    int kind = Byte.toUnsignedInt(read(1)[0]);
    int bound = Codec.bound(kind);
    if (length > bound) {
      throw new BrokenRuleException(
          "a frame of kind " + kind + " is longer than " + bound + " bytes");
    }
    budget.begin(length);
    try {
      return Codec.decodeAnswer(kind, read(length - 1));
    } finally {
      budget.end(length);
    }
  }

  /**
   * Reads what follows the last message, where the peers have agreed on bytes instead.
   *
   * @return how many, -1 when the peer has ended its side
   */
  public int readBytes(ByteBuffer bytes) throws IOException {
    if (!in.hasRemaining()) {
      return channel.read(bytes);
    }
    int count = Math.min(in.remaining(), bytes.remaining());
    bytes.put(bytes.position(), in, in.position(), count);
    bytes.position(bytes.position() + count);
    in.position(in.position() + count);
    return count;
  }

  /**
   * Returns whether the peer is there and has sent nothing more; asked while no thread reads,
   * between two uses of a connection that carries bytes.
   */
  public boolean isQuiet() {
    if (in.hasRemaining() || !(channel instanceof SocketChannel socket)) {
      return false;
    }
    try {
      socket.configureBlocking(false);
      try {
        return socket.read(ByteBuffer.allocate(1)) == 0;
      } finally {
        socket.configureBlocking(true);
      }
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes all of these, where the peers have agreed on bytes. */
  public void writeBytes(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Ends this side of the bytes; the peer's goes on. */
  public void endBytes() throws IOException {
    if (channel instanceof SocketChannel socket) {
      socket.shutdownOutput();
    } else {
      channel.close();
    }
  }

  private byte[] read(int length) throws IOException {
    byte[] bytes = new byte[length];
    int got = 0;
    while (got < length) {
      if (!in.hasRemaining() && length - got >= in.capacity()) {
        // Most of a large frame goes where it belongs at once.
        int count = channel.read(ByteBuffer.wrap(bytes, got, Math.min(PIECE, length - got)));
        if (count < 0) {
          throw new EOFException("the peer closed the connection");
        }
        got += count;
        continue;
      }
      if (!in.hasRemaining()) {
        in.clear();
        int count = channel.read(in);
        in.flip();
        if (count < 0) {
          throw new EOFException("the peer closed the connection");
        }
      }
      int take = Math.min(in.remaining(), length - got);
      in.get(bytes, got, take);
      got += take;
    }
    return bytes;
  }

  /** Returns whether this end has not closed the channel. */
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
