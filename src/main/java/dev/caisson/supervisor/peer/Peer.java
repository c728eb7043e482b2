package dev.caisson.supervisor.peer;

import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.UnknownMessageException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection. A thread of its own listens to it all the time, so that its going
 * away is noticed while it is being answered, too.
 */
public final class Peer {
  private final Connection connection;
  private @Nullable Heard heard;
  private @Nullable Thread waiting;
  private boolean gone;

  /** True while the answering thread waits for the next request. */
  private boolean asked;

  /** The peer has gone away, and no one is left to answer. */
  public static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    public GoneException(@Nullable Throwable cause) {
      super("the peer has gone away", cause);
    }
  }

  /** A message that was heard; null if its kind is not known. */
  private record Heard(@Nullable Message message) {}

  /** A part of an answer that may wait for ever. */
  public interface Wait {
    void run() throws IOException, InterruptedException, RefusedException;
  }

  /**
   * A handler that answers some requests in the thread that hears them, which saves them a change
   * of threads.
   */
  public interface Quick {
    /**
     * Answers the message, if it is one of those, and returns whether it did; null is a request
     * that is not known.
     */
    boolean answered(@Nullable Message message) throws GoneException, InterruptedException;
  }

  public Peer(Connection connection) {
    this.connection = connection;
  }

  /**
   * Listens until the peer goes away, or sends something other than messages; of a peer that starts
   * processes an ear listens from then on, if one is free.
   */
  public void listen(Quick quick, @Nullable Ears ears) {
    boolean dialled = false;
    boolean taken = false;
    try {
      while (!dialled && !taken) {
        Message message;
        try {
          message = connection.receive();
        } catch (UnknownMessageException e) {
          message = null;
        }
        if (!isAsked() || !quick.answered(message)) {
          hear(new Heard(message));
        } else if (ears != null) {
          taken = ears.take(() -> listen(quick, null));
        }
        dialled = message instanceof Request.Dial;
      }
    } catch (IOException | InterruptedException e) {
      Log.debug("a peer has gone away", "how", e);
    } finally {
      if (!dialled && !taken) {
        goneNow();
      }
    }
  }

  /** Returns the connection, for the bytes that follow a {@link Request.Dial}. */
  public Connection connection() {
    return connection;
  }

  /** Returns whether a request is waited for; only this listener can change that it is. */
  private synchronized boolean isAsked() {
    return asked;
  }

  private synchronized void hear(Heard next) throws InterruptedException {
    while (heard != null && !gone) {
      wait();
    }
    heard = next;
    asked = false;
    notifyAll();
  }

  private synchronized void goneNow() {
    gone = true;
    if (waiting != null) {
      waiting.interrupt();
    }
    notifyAll();
  }

  /** Waits for the next request; null is one that this version does not know. */
  synchronized @Nullable public Message next() throws GoneException, InterruptedException {
    while (heard == null) {
      if (gone) {
        throw new GoneException(null);
      }
      asked = true;
      wait();
    }
    asked = false;
    Message message = heard.message();
    heard = null;
    notifyAll();
    return message;
  }

  public void send(Message message) throws GoneException {
    try {
      connection.send(message);
    } catch (IOException e) {
      throw new GoneException(e);
    }
  }

  /** Sends these, if they are small in one write. */
  public void send(List<? extends Message> messages) throws GoneException {
    try {
      connection.send(messages);
    } catch (IOException e) {
      throw new GoneException(e);
    }
  }

  /** Does what may wait for ever, and ends it when the peer goes away. */
  public void whileThere(Wait part) throws IOException, InterruptedException, RefusedException {
    synchronized (this) {
      if (gone) {
        throw new GoneException(null);
      }
      waiting = Thread.currentThread();
    }
    try {
      part.run();
    } catch (IOException | InterruptedException e) {
      if (isGone()) {
        throw new GoneException(e);
      }
      throw e;
    } finally {
      synchronized (this) {
        waiting = null;
        // The interrupt may have come after the last wait: it was meant for this part alone.
        Thread.interrupted();
      }
    }
  }

  private synchronized boolean isGone() {
    return gone;
  }

  public void close() {
    synchronized (this) {
      gone = true;
      notifyAll();
    }
    try {
      connection.close();
    } catch (IOException e) {
      Log.debug("a connection could not be closed", "error", e);
    }
  }
}
