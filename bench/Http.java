import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * HTTP/1.1 in the caller's own thread over connections that are kept: the same least client for
 * ours and for the engine's API, so that neither pays for a library's threads.
 */
final class Http {
  private final Door door;
  private final String headers;
  private final ConcurrentLinkedDeque<Wire> idle = new ConcurrentLinkedDeque<>();

  /** Opens a connection. */
  interface Door {
    SocketChannel open() throws IOException;
  }

  record Answer(int status, String body) {}

  /**
   * @param headers sent with each request, each with its line's end
   */
  Http(Door door, String headers) {
    this.door = door;
    this.headers = headers;
  }

  Answer call(String method, String path, String body) throws IOException {
    byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    String head =
        "%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, path, headers, content.length);
    byte[] first = head.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer request = ByteBuffer.allocate(first.length + content.length).put(first).put(content);
    Wire kept = idle.pollFirst();
    Wire wire = kept == null ? new Wire(door.open()) : kept;
    try {
      wire.send(request.flip());
      Answer answer = wire.receive();
      if (wire.keeps) {
        idle.addFirst(wire);
      } else {
        wire.channel.close();
      }
      return answer;
    } catch (IOException e) {
      wire.channel.close();
      if (kept == null) {
        throw e;
      }
      // The other end may close what it has kept for long; none of these calls waits that long twice.
      return call(method, path, body);
    }
  }

  /** One connection. */
  private static final class Wire {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(16 << 10).flip();
    private boolean keeps = true;

    Wire(SocketChannel channel) {
      this.channel = channel;
    }

    void send(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    Answer receive() throws IOException {
      int status = Integer.parseInt(line().substring(9, 12));
      long length = -1;
      boolean chunked = false;
      for (String line = line(); !line.isEmpty(); line = line()) {
        String name = line.substring(0, line.indexOf(':')).toLowerCase();
        String value = line.substring(line.indexOf(':') + 1).strip();
        switch (name) {
          case "content-length" -> length = Long.parseLong(value);
          case "transfer-encoding" -> chunked = true;
          case "connection" -> keeps = !value.equalsIgnoreCase("close");
          default -> {}
        }
      }
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      if (status == 204 || status == 304) {
        length = 0;
      }
      if (chunked) {
        for (int size = chunk(); size > 0; size = chunk()) {
          copy(size, body);
          line();
        }
        line();
      } else if (length >= 0) {
        copy(length, body);
      } else {
        keeps = false;
        while (fill()) {
          copy(in.remaining(), body);
        }
      }
      return new Answer(status, body.toString(StandardCharsets.UTF_8));
    }

    private int chunk() throws IOException {
      return Integer.parseInt(line().split(";")[0], 16);
    }

    private void copy(long size, ByteArrayOutputStream to) throws IOException {
      for (long left = size; left > 0; ) {
        if (!fill()) {
          throw new EOFException("the answer ends in its middle");
        }
        int some = (int) Math.min(left, in.remaining());
        to.write(in.array(), in.position(), some);
        in.position(in.position() + some);
        left -= some;
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      while (true) {
        if (!fill()) {
          throw new EOFException("the connection was closed");
        }
        char next = (char) in.get();
        if (next == '\n') {
          return line.substring(0, line.length() - 1);
        }
        line.append(next);
      }
    }

    private boolean fill() throws IOException {
      if (!in.hasRemaining()) {
        int count = channel.read(in.clear());
        in.flip();
        return count >= 0;
      }
      return true;
    }
  }
}
