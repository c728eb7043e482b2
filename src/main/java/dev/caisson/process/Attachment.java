package dev.caisson.process;

import dev.caisson.error.CommonErrorCode;
import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.streams.SocketStream;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The connection of one client to one process: output goes out as it is written, in a thread of its
 * own that waits for this client alone; input comes in while the client is the writer. Nothing is
 * queued for a slow client, it reads on from the journal.
 */
final class Attachment extends SocketStream {
  /**
   * The length of what precedes the bytes in a binary frame: the stream (1 stdout, 2 stderr) and
   * the seq.
   */
  private static final int HEADER = 1 + Long.BYTES;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Logger log = LoggerFactory.getLogger(Attachment.class);

  private final Processes processes;
  private final Writers writers;
  private final JsonMapper json;
  private final Writers.Place place;
  private final long after;
  private final Seat wanted;
  private volatile @Nullable Answers<Answer> output;
  private volatile @Nullable AttachInput input;

  /**
   * A client's wish to be the writer: not at all, if there is none, or in place of the present one.
   */
  enum Seat {
    NONE,
    IF_FREE,
    TAKEN_OVER
  }

  Attachment(
      Processes processes,
      Streams streams,
      Writers writers,
      JsonMapper json,
      Writers.Place place,
      long after,
      Seat wanted) {
    super(streams, "attach-" + place.pid(), PATIENCE);
    this.processes = processes;
    this.writers = writers;
    this.json = json;
    this.place = place;
    this.after = after;
    this.wanted = wanted;
  }

  Writers.Place place() {
    return place;
  }

  @Override
  protected void carry() throws IOException {
    try {
      boolean writer = wanted != Seat.NONE && seat(wanted == Seat.TAKEN_OVER);
      tell(
          new AttachEvent.Attached(
              ProcessAnswer.from(processes.get(place.sandbox(), place.pid())), writer));
      try (Answers<Answer> answers =
          processes.follow(place.sandbox(), Long.toString(place.pid()), after, true)) {
        output = answers;
        if (!isOver()) {
          end(send(answers) ? CloseStatus.NORMAL : CloseStatus.SERVER_ERROR);
        }
      }
    } catch (ProcessException | SandboxException | SupervisorException e) {
      log.atDebug()
          .addKeyValue("sandbox", place.sandbox())
          .addKeyValue("pid", place.pid())
          .addKeyValue("error", e.getMessage())
          .log("attach broke");
      end(CloseStatus.SERVER_ERROR);
    }
  }

  /** Sends output until there is no more; returns whether the process has ended. */
  private boolean send(Answers<Answer> answers) throws IOException {
    for (Answer answer = answers.next(); answer != null; answer = answers.next()) {
      switch (answer) {
        case Answer.Output piece -> send(new BinaryMessage(frame(piece)));
        case Answer.Gap gap -> tell(new AttachEvent.Gap(gap.from(), gap.to()));
        case Answer.Finished finished -> {
          tell(new AttachEvent.Exit(ProcessAnswer.from(finished.process())));
          return true;
        }
        default -> {
          // A newer supervisor may say more.
        }
      }
    }
    return false;
  }

  private static ByteBuffer frame(Answer.Output piece) {
    return ByteBuffer.allocate(HEADER + piece.bytes().length)
        .put((byte) (piece.stream() == StreamName.STDOUT ? 1 : 2))
        .putLong(piece.seq())
        .put(piece.bytes())
        .flip();
  }

  @Override
  public void handleMessage(WebSocketSession from, WebSocketMessage<?> message) throws Exception {
    try {
      super.handleMessage(from, message);
    } catch (IOException e) {
      // The event cannot be sent: the client is gone, which is not an error.
      end(CloseStatus.SERVER_ERROR);
    }
  }

  @Override
  protected void handleBinaryMessage(WebSocketSession from, BinaryMessage message)
      throws Exception {
    ByteBuffer payload = message.getPayload();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    give(bytes, false);
  }

  @Override
  protected void handleTextMessage(WebSocketSession from, TextMessage message) throws Exception {
    try {
      switch (json.readValue(message.getPayload(), AttachCommand.class)) {
        case AttachCommand.TakeOver _ -> tell(new AttachEvent.Writer(seat(true)));
        case AttachCommand.CloseStdin _ -> give(new byte[0], true);
        case AttachCommand.Resize size when input != null ->
            processes.resize(
                place.sandbox(), place.pid(), new Request.Terminal(size.rows(), size.cols()));
        case AttachCommand.Signal signal when input != null ->
            processes.signal(place.sandbox(), place.pid(), signal.signal());
        case AttachCommand.Resize _, AttachCommand.Signal _ -> tell(notTheWriter());
      }
    } catch (JacksonException e) {
      tell(
          new AttachEvent.Problem(
              CommonErrorCode.INVALID_REQUEST.name(), "not a documented frame"));
    } catch (ProcessException | SandboxException | SupervisorException e) {
      tell(AttachInput.problem(e));
    }
  }

  private void give(byte[] bytes, boolean close) throws IOException, InterruptedException {
    AttachInput writer = input;
    if (writer == null) {
      tell(notTheWriter());
    } else {
      writer.put(bytes, close);
    }
  }

  private static AttachEvent.Problem notTheWriter() {
    return new AttachEvent.Problem(
        ProcessErrorCode.NOT_THE_WRITER.name(),
        "Another client gives the process its input: take over");
  }

  private boolean seat(boolean inPlace) {
    if (!writers.sit(this, inPlace)) {
      return false;
    }
    synchronized (this) {
      if (!isOver()) {
        if (input == null) {
          input = new AttachInput(processes, place, this::tell);
        }
        return true;
      }
    }
    // It has ended meanwhile, and has left a place that it did not have yet.
    writers.leave(this);
    return false;
  }

  /** Stops the input of this client, and notifies it that another client took over. */
  void unseated() {
    stopInput();
    // This client may be slow, or gone: the one that took over does not wait for it.
    Thread.ofVirtual()
        .name("unseated-" + place.pid())
        .start(() -> {
          try {
            tell(new AttachEvent.Writer(false));
          } catch (IOException e) {
            end(CloseStatus.SERVER_ERROR);
          }
        });
  }

  private void stopInput() {
    AttachInput stopped;
    synchronized (this) {
      stopped = input;
      input = null;
    }
    if (stopped != null) {
      stopped.stop();
    }
  }

  private void tell(AttachEvent event) throws IOException {
    send(new TextMessage(json.writeValueAsString(event)));
  }

  /** Frees the writer's place and closes the output's reader; the process does not notice. */
  @Override
  protected void release() {
    writers.leave(this);
    stopInput();
    Answers<Answer> reading = output;
    if (reading != null) {
      reading.close();
    }
  }
}
