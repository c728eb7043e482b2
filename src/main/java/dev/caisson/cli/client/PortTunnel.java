package dev.caisson.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One connection of a client here, carried to a port of a sandbox over a WebSocket
 * (openapi/tunnel.md). Nothing is queued: bytes that the client does not take are not asked of the
 * port.
 */
public final class PortTunnel implements WebSocket.Listener {
  private static final int PIECE = 32 << 10;
  private static final String END = "{\"type\":\"end\"}";

  private final Socket client;
  private final OutputStream out;
  private final WritableByteChannel channel;
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();

  private PortTunnel(Socket client) throws IOException {
    this.client = client;
    this.out = client.getOutputStream();
    this.channel = Channels.newChannel(out);
  }

  /** Carries a client's connection to its end. */
  public static void carry(Service service, String path, Socket client) throws IOException {
    PortTunnel tunnel = new PortTunnel(client);
    WebSocket socket = service.socket(path, tunnel);
    Thread up = Thread.ofVirtual().name("tunnel-up").start(() -> tunnel.up(socket));
    try {
      tunnel.over.join();
      // Bytes that the client still sends are of no use.
      client.close();
      up.join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      socket.abort();
    }
  }

  private void up(WebSocket socket) {
    try {
      InputStream in = client.getInputStream();
      byte[] piece = new byte[PIECE];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        socket.sendBinary(ByteBuffer.wrap(piece, 0, count), true).join();
      }
      socket.sendText(END, true).join();
    } catch (IOException | CompletionException e) {
      // The client, or the tunnel, is gone.
      socket.abort();
      over.complete(null);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    try {
      while (data.hasRemaining()) {
        channel.write(data);
      }
      out.flush();
      from.request(1);
    } catch (IOException e) {
      from.abort();
      over.complete(null);
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      JsonNode said = Json.read(text.toString());
      text.setLength(0);
      if (Json.text(said, "type").equals("end")) {
        try {
          client.shutdownOutput();
        } catch (IOException e) {
          over.complete(null);
        }
      }
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    over.complete(null);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    over.completeExceptionally(error);
  }
}
