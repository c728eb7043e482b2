package dev.caisson.process;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of {@code attach} that keeps what it hears, whole frames only. */
public final class AttachClient implements WebSocket.Listener, AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<JsonNode> texts = new LinkedBlockingQueue<>();
  private final BlockingQueue<ByteBuffer> outputs = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private ByteBuffer frame = ByteBuffer.allocate(0);
  private @Nullable WebSocket socket;

  private AttachClient() {}

  /** Opens one; headers as name, value, name, value. */
  public static AttachClient open(HttpClient client, URI uri, String... headers) throws Exception {
    AttachClient made = new AttachClient();
    WebSocket.Builder builder = client.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    made.socket = builder.buildAsync(uri, made).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return made;
  }

  /** The next thing it is told. */
  public JsonNode text() throws InterruptedException {
    return Objects.requireNonNull(texts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no text came");
  }

  /** The next piece of output, as {@code stream:seq:text}. */
  public String output() throws InterruptedException {
    return AttachTest.show(frame());
  }

  /** The next binary frame. */
  public ByteBuffer frame() throws InterruptedException {
    return Objects.requireNonNull(
        outputs.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no output came");
  }

  /** A binary frame that has come already. */
  public @Nullable ByteBuffer frameIfAny() {
    return outputs.poll();
  }

  /** The status it was closed with. */
  public int closed() throws Exception {
    return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  public void send(byte[] input) {
    Objects.requireNonNull(socket).sendBinary(ByteBuffer.wrap(input), true).join();
  }

  public void command(String json) {
    Objects.requireNonNull(socket).sendText(json, true).join();
  }

  /** Breaks the connection off, without a word. */
  public void abort() {
    Objects.requireNonNull(socket).abort();
  }

  @Override
  public void close() {
    Objects.requireNonNull(socket).sendClose(WebSocket.NORMAL_CLOSURE, "").join();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      texts.add(JSON.readTree(text.toString()));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    ByteBuffer joined = ByteBuffer.allocate(frame.remaining() + data.remaining());
    frame = joined.put(frame).put(data).flip();
    if (last) {
      outputs.add(frame);
      frame = ByteBuffer.allocate(0);
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
