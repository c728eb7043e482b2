package dev.caisson.cli.terminal;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.Pause;
import dev.caisson.cli.client.Retries;
import dev.caisson.cli.client.Service;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A process on this program's own streams, over as many connections as it takes
 * (openapi/attach.md): a connection that breaks is opened again where it was, while the service is
 * restarted, say.
 */
public final class TerminalAttachment {
  private static final int NORMAL = 1000;
  private static final int STDERR = 2;

  /** The length of a frame's head: a stream's number and a seq. */
  private static final int HEAD = 9;

  private final Service service;
  private final String path;
  private final PrintStream out;
  private final PrintStream err;
  private final @Nullable Input input;
  private final boolean writer;
  private final Retries retries;
  private final ReentrantLock sending = new ReentrantLock();
  private volatile long seq;
  private volatile @Nullable WebSocket socket;
  private volatile Runnable whenOpen = () -> {};

  /**
   * Creates an attachment that is not connected yet.
   *
   * @param out where the process's output goes
   * @param err where its errors go, and remarks on the connection
   * @param path of the process
   * @param input the input for the process; null for nothing
   * @param writer whether to be the writer, which also sets the size of the terminal
   */
  public TerminalAttachment(
      Service service,
      PrintStream out,
      PrintStream err,
      Pause pause,
      String path,
      @Nullable Input input,
      boolean writer) {
    this.service = service;
    this.path = path;
    this.out = out;
    this.err = err;
    this.input = input;
    this.writer = writer;
    this.retries = new Retries(pause);
  }

  /** Sets an action for each connection that opens: the size may have changed meanwhile. */
  public void whenOpen(Runnable action) {
    whenOpen = action;
  }

  /** Shows the output of the process until its end; returns the process as it ended. */
  public JsonNode follow(boolean takeOver) {
    boolean over = takeOver;
    while (true) {
      Connection connection = new Connection();
      try {
        String query = "?after=" + seq + "&write=" + writer + "&takeOver=" + over;
        connection.opened(service.socket(path + "/attach" + query, connection));
      } catch (CliException.NotReached e) {
        if (!retries.again()) {
          throw e;
        }
        continue;
      } catch (CliException.Refused e) {
        if (!e.problem.passing() || !retries.again()) {
          throw e;
        }
        continue;
      }
      JsonNode process = connection.process();
      connection.leave();
      if (process != null) {
        return process;
      }
      // The one that broke may still be known as the writer.
      over = writer;
      if (!retries.again()) {
        throw new CliException.Failed(
            "the connection to the process is lost; the process keeps running");
      }
    }
  }

  /** Sends the process the new size of the terminal. */
  public void resize(Terminal.Size size) {
    command(Json.object().put("type", "resize").put("rows", size.rows()).put("cols", size.cols()));
  }

  /** Sends a command, if there is a connection; the size is sent again at the next one. */
  private void command(JsonNode command) {
    WebSocket open = socket;
    if (open != null) {
      send(() -> open.sendText(command.toString(), true));
    }
  }

  /** Sends one frame at a time: a WebSocket takes no second one while it sends. */
  private boolean send(Supplier<CompletableFuture<WebSocket>> frame) {
    sending.lock();
    try {
      frame.get().join();
      return true;
    } catch (CompletionException | IllegalStateException e) {
      // The connection is broken, or over; its listener gets that, too, and decides.
      return false;
    } finally {
      sending.unlock();
    }
  }

  /** A connection to the process. */
  private final class Connection implements WebSocket.Listener {
    /**
     * The end of the connection: with the process at its end, or with null where the connection
     * broke.
     */
    final CompletableFuture<@Nullable JsonNode> over = new CompletableFuture<>();

    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void opened(WebSocket open) {
      socket = open;
    }

    @Nullable JsonNode process() {
      try {
        return over.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof CliException known ? known : e;
      }
    }

    void leave() {
      socket = null;
      if (input != null) {
        input.disconnected();
      }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        JsonNode event = Json.read(text.toString());
        text.setLength(0);
        heard(from, event);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] piece = new byte[data.remaining()];
      data.get(piece);
      bytes.writeBytes(piece);
      if (last) {
        ByteBuffer frame = ByteBuffer.wrap(bytes.toByteArray());
        bytes.reset();
        if (frame.remaining() >= HEAD) {
          PrintStream to = frame.get() == STDERR ? err : out;
          long at = frame.getLong();
          to.write(frame.array(), HEAD, frame.remaining());
          to.flush();
          // Written: only now would a next connection begin behind it.
          seq = at;
        }
      }
      from.request(1);
      return null;
    }

    private void heard(WebSocket from, JsonNode event) {
      switch (Json.text(event, "type")) {
        case "attached" -> {
          retries.reached();
          socket = from;
          // In a thread of its own: what is sent must not wait for what is received.
          Thread.ofVirtual().name("opened").start(whenOpen);
          Input given = input;
          if (given != null) {
            int number =
                given.connected(event.path("process").path("stdin").path("bytes").asLong(0));
            Thread.ofVirtual().name("input-" + number).start(() -> carry(given, number, from));
          }
        }
        case "taken" -> {
          if (input != null) {
            input.taken(event.path("bytes").asLong(0));
          }
        }
        case "gap" -> err.print("caisson: output is missing here: more was written than is kept\n");
        case "exit" -> over.complete(event.path("process"));
        default -> {
          // A writer that changed, a frame of no effect: nothing that this program could do.
        }
      }
    }

    private void carry(Input given, int number, WebSocket to) {
      try {
        for (Input.Piece piece = given.next(number); piece != null; piece = given.next(number)) {
          byte[] content = piece.bytes();
          boolean sent =
              piece.end()
                  ? send(() -> to.sendText("{\"type\":\"close-stdin\"}", true))
                  : send(() -> to.sendBinary(ByteBuffer.wrap(content), true));
          if (!sent) {
            return;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      if (status == NORMAL && !over.isDone()) {
        over.completeExceptionally(
            new CliException.Failed("the service closed the connection" + said(reason)));
      }
      over.complete(null);
      return null;
    }

    private String said(String reason) {
      return reason.isEmpty() ? "" : ": " + reason;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      over.complete(null);
    }
  }
}
