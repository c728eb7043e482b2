package dev.caisson.proxy;

import dev.caisson.sandbox.Tunnel;
import dev.caisson.streams.SocketStream;
import dev.caisson.streams.Streams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * One connection into a sandbox over a WebSocket. Nothing is queued on either side: a frame of the
 * client is taken when the sandbox's side has taken the one before, and that side is read when the
 * client has taken what was read.
 */
final class TunnelSocket extends SocketStream {
  /** The message that no more comes from this side, while the other may go on. */
  private static final TextMessage END = new TextMessage("{\"type\":\"end\"}");

  private static final int PIECE = 64 << 10;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Logger log = LoggerFactory.getLogger(TunnelSocket.class);

  private final Tunnel tunnel;
  private final String name;
  private final Runnable used;
  private final CountDownLatch inputOver = new CountDownLatch(1);

  /**
   * Creates a socket for one connection.
   *
   * @param name of the target, for logs and threads
   * @param used run from time to time, as long as the sandbox is in use
   */
  TunnelSocket(Tunnel tunnel, String name, Streams streams, Runnable used) {
    super(streams, "tunnel-" + name, PATIENCE);
    this.tunnel = tunnel;
    this.name = name;
    this.used = used;
  }

  @Override
  protected void carry() throws IOException, InterruptedException {
    byte[] piece = new byte[PIECE];
    for (int count = read(piece); count >= 0; count = read(piece)) {
      send(new BinaryMessage(ByteBuffer.wrap(piece, 0, count)));
    }
    send(END);
    inputOver.await();
    end(CloseStatus.NORMAL);
  }

  private int read(byte[] piece) throws IOException {
    return tunnel.input().read(piece);
  }

  @Override
  protected void handleBinaryMessage(WebSocketSession from, BinaryMessage message) {
    ByteBuffer payload = message.getPayload();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    try {
      tunnel.output().write(bytes);
    } catch (IOException e) {
      log.atDebug().addKeyValue("to", name).setCause(e).log("a tunnel broke");
      end(CloseStatus.SERVER_ERROR);
    }
  }

  @Override
  protected void handleTextMessage(WebSocketSession from, TextMessage message) {
    if (!message.getPayload().replaceAll("\\s", "").equals(END.getPayload())) {
      end(CloseStatus.BAD_DATA);
      return;
    }
    try {
      tunnel.endOutput();
    } catch (IOException e) {
      // The other side has ended both of its sides already.
      log.atTrace().addKeyValue("to", name).log("the end of a tunnel came late");
    }
    inputOver.countDown();
  }

  @Override
  protected void kept() {
    used.run();
  }

  @Override
  protected void release() {
    inputOver.countDown();
    tunnel.close();
  }
}
