package dev.caisson.it;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of a tunnel, or of any WebSocket of bytes, that keeps what it hears. */
public final class TunnelClient implements WebSocket.Listener, AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  /** What stands for the end of the other side. */
  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final ByteArrayOutputStream ahead = new ByteArrayOutputStream();
  private @Nullable WebSocket socket;

  private TunnelClient() {}

  /** Opens one, offering these subprotocols; headers as name, value, name, value. */
  public static TunnelClient open(
      HttpClient client, URI uri, List<String> protocols, String... headers) throws Exception {
    TunnelClient made = new TunnelClient();
    WebSocket.Builder builder = client.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    if (!protocols.isEmpty()) {
      builder.subprotocols(
          protocols.getFirst(), protocols.subList(1, protocols.size()).toArray(String[]::new));
    }
    made.socket = builder.buildAsync(uri, made).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return made;
  }

  public String protocol() {
    return Objects.requireNonNull(socket).getSubprotocol();
  }

  public void send(byte[] bytes) {
    Objects.requireNonNull(socket).sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  /** Ends this side. */
  public void end() {
    Objects.requireNonNull(socket).sendText("{\"type\":\"end\"}", true).join();
  }

  /** So many bytes of what comes. */
  public byte[] take(int count) throws InterruptedException {
    while (ahead.size() < count) {
      byte[] piece =
          Objects.requireNonNull(
              pieces.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no more bytes came");
      if (piece.length == 0) {
        throw new AssertionError("the other side has ended after " + ahead.size() + " bytes");
      }
      ahead.writeBytes(piece);
    }
    byte[] all = ahead.toByteArray();
    ahead.reset();
    ahead.write(all, count, all.length - count);
    return java.util.Arrays.copyOf(all, count);
  }

  /** What comes until the other side has ended. */
  public byte[] rest() throws InterruptedException {
    for (byte[] piece = next(); piece.length > 0; piece = next()) {
      ahead.writeBytes(piece);
    }
    return ahead.toByteArray();
  }

  /** What comes next, as it came; nothing when the other side has ended. */
  byte[] next() throws InterruptedException {
    return Objects.requireNonNull(
        pieces.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no end of the other side came");
  }

  /** The status it was closed with. */
  public int closed() throws Exception {
    return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    Objects.requireNonNull(socket).abort();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    pieces.add(END);
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    byte[] piece = new byte[data.remaining()];
    data.get(piece);
    if (piece.length > 0) {
      pieces.add(piece);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    closed.complete(status);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
  }
}
