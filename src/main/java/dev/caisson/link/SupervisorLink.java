package dev.caisson.link;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Tunnel;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Chunk;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.UnknownMessageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One sandbox's supervisor over its socket. Connections are kept for the next request; each carries
 * one request at a time, a stream holds its own until it is over.
 */
final class SupervisorLink implements Supervisor {
  /** What a request that does not wait by itself may take. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** Beyond what a waiting request was told to wait. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  /** From the last piece of an upload to its answer: the time of a rename, or of a slow disk. */
  private static final Duration UPLOAD = Duration.ofMinutes(2);

  /** Input waits for as long as its process does not read; whoever gives it ends the wait. */
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private static final int CHUNK = 256 << 10;
  private static final int KEPT = 16;

  private final SandboxId sandbox;
  private final Path socket;
  private final AtomicInteger open;
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final Set<Connection> all = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  SupervisorLink(SandboxId sandbox, Path socket, AtomicInteger open) {
    this.sandbox = sandbox;
    this.socket = socket;
    this.open = open;
  }

  /** Opens the first connection, and keeps it. */
  void greet(Duration deadline) throws IOException {
    release(dial(deadline));
  }

  @Override
  public <A extends Answer> A ask(Request<A> request) {
    Connection connection = acquire();
    try (Deadline _ = Deadline.closing(connection, patience(request))) {
      connection.send(request);
      Answer answer = answer(connection);
      release(connection);
      if (answer instanceof Answer.Refused(String code, String message)) {
        throw new SupervisorException.Refused(sandbox, code, message);
      }
      return SupervisorLink.<A>cast(answer);
    } catch (IOException e) {
      drop(connection);
      throw lost(e);
    }
  }

  @Override
  public <A extends Answer> Answers<A> open(Request.Stream<A> request) {
    Connection connection = acquire();
    try {
      connection.send(request);
      return new Sequence<>(connection);
    } catch (IOException e) {
      drop(connection);
      throw lost(e);
    }
  }

  @Override
  public <A extends Answer> A send(FileRequest.Upload<A> request, InputStream content)
      throws IOException {
    Connection connection = acquire();
    boolean kept = false;
    try {
      try {
        connection.send(request);
      } catch (IOException e) {
        throw lost(e);
      }
      boolean refused = !sendContent(connection, content);
      Answer answer;
      try (Deadline _ = Deadline.closing(connection, UPLOAD)) {
        answer = answer(connection);
      } catch (IOException e) {
        throw lost(e);
      }
      if (answer instanceof Answer.Refused(String code, String message)) {
        throw new SupervisorException.Refused(sandbox, code, message);
      }
      if (refused) {
        throw lost(new IOException("an upload was answered before its end"));
      }
      release(connection);
      kept = true;
      return SupervisorLink.<A>cast(answer);
    } finally {
      if (!kept) {
        // An upload that did not end well ends its connection: its content is not to be seen.
        drop(connection);
      }
    }
  }

  /** Whether the supervisor took it all; if not, it has said why. */
  private static boolean sendContent(Connection connection, InputStream content)
      throws IOException {
    while (true) {
      byte[] piece = content.readNBytes(CHUNK);
      boolean last = piece.length < CHUNK;
      try {
        connection.send(new Chunk(piece, last));
      } catch (IOException e) {
        return false;
      }
      if (last) {
        return true;
      }
    }
  }

  @Override
  public Tunnel dial(Request.Dial request) {
    Connection connection = acquire();
    boolean dialled = false;
    try (Deadline _ = Deadline.closing(connection, patience(request))) {
      connection.send(request);
      Answer answer = answer(connection);
      if (answer instanceof Answer.Refused(String code, String message)) {
        throw new SupervisorException.Refused(sandbox, code, message);
      }
      dialled = true;
      return new ConnectionTunnel(connection, () -> drop(connection));
    } catch (IOException e) {
      throw lost(e);
    } finally {
      if (!dialled) {
        drop(connection);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    all.forEach(this::drop);
  }

  private Connection acquire() {
    Connection kept = idle.pollFirst();
    if (kept != null) {
      return kept;
    }
    try {
      return dial(ANSWER);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private Connection dial(Duration deadline) throws IOException {
    Connection connection = new Connection(UntrustedSocket.connect(socket));
    all.add(connection);
    open.incrementAndGet();
    try (Deadline _ = Deadline.closing(connection, deadline)) {
      if (closed) {
        throw new IOException("the link is closed");
      }
      if (!(answer(connection) instanceof Answer.Greeting greeting)) {
        throw new IOException("no greeting");
      }
      if (!greeting.sandbox().equals(sandbox.value())
          || greeting.protocol() > Connection.PROTOCOL) {
        throw new IOException(
            "greeted by " + greeting.sandbox() + " with protocol " + greeting.protocol());
      }
      return connection;
    } catch (IOException e) {
      drop(connection);
      throw e;
    }
  }

  private void release(Connection connection) {
    if (closed || !connection.isOpen() || idle.size() >= KEPT) {
      drop(connection);
    } else {
      idle.addFirst(connection);
    }
  }

  private void drop(Connection connection) {
    idle.remove(connection);
    if (all.remove(connection)) {
      open.decrementAndGet();
    }
    try {
      connection.close();
    } catch (IOException e) {
      // Nothing can be done with it either way.
    }
  }

  private static Answer answer(Connection connection) throws IOException {
    Message message = connection.receive();
    if (message instanceof Answer answer) {
      return answer;
    }
    throw new IOException("not an answer: " + message.getClass().getSimpleName());
  }

  /** The wire says which answer a request has; a forged one fails at its first use. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <A extends Answer> A cast(Answer answer) {
    return (A) answer;
  }

  private static Duration patience(Request<?> request) {
    return switch (request) {
      case Request.Await await -> Duration.ofMillis(await.timeoutMillis()).plus(SLACK);
      case Request.Write write when write.timeoutMillis() == 0 -> FOR_EVER;
      case Request.Write write -> Duration.ofMillis(write.timeoutMillis()).plus(SLACK);
      // A tree that is deleted, or copied to another file system, takes the time it takes.
      case FileRequest.DeleteFile _, FileRequest.MoveFile _ -> FOR_EVER;
      case Request.Dial dial -> Duration.ofMillis(dial.timeoutMillis()).plus(SLACK);
      case Request.End end -> Duration.ofMillis(end.graceMillis()).plus(SLACK);
      case Request.Shutdown shutdown -> Duration.ofMillis(shutdown.graceMillis()).plus(SLACK);
      default -> ANSWER;
    };
  }

  private SupervisorException.Lost lost(IOException cause) {
    return new SupervisorException.Lost(
        sandbox,
        "The supervisor of " + sandbox + " cannot be reached: " + cause.getMessage(),
        cause);
  }

  /** The answers to one request. */
  private final class Sequence<A extends Answer> implements Answers<A> {
    private final Connection connection;
    private volatile boolean over;

    /** Nothing but the mark of the end follows. */
    private volatile boolean complete;

    Sequence(Connection connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable A next() {
      while (!over) {
        try {
          Answer answer = answer(connection);
          if (answer instanceof Answer.Done) {
            finish();
          } else if (answer instanceof Answer.Refused(String code, String message)) {
            finish();
            throw new SupervisorException.Refused(sandbox, code, message);
          } else {
            complete = answer instanceof Answer.Finished;
            return SupervisorLink.<A>cast(answer);
          }
        } catch (UnknownMessageException e) {
          // A newer supervisor tells more than is known here; what is known goes on.
        } catch (IOException e) {
          over = true;
          drop(connection);
          throw lost(e);
        }
      }
      return null;
    }

    private void finish() {
      over = true;
      release(connection);
    }

    /** Keeps the connection where all that was asked for has been read. */
    @Override
    public void close() {
      if (!over && complete && connection.hasReceived()) {
        // The mark of the end came with what was asked for: nothing is waited for.
        next();
      }
      if (!over && complete) {
        try (Deadline _ = Deadline.closing(connection, SLACK)) {
          next();
        } catch (SupervisorException e) {
          // What was asked for was answered; the connection is dropped already.
        }
      }
      if (!over) {
        over = true;
        drop(connection);
      }
    }
  }
}
