package dev.caisson.process;

import dev.caisson.error.CaissonException;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SupervisorException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The input of one writer on its way to the process, in a thread of its own: a process that does
 * not read holds up its writer, and nothing else. What is not taken yet is bounded; then the
 * client's connection is read no further.
 */
final class AttachInput {
  private static final int WAITING = 64;

  /**
   * The most bytes in one piece; the supervisor holds a piece in its small heap while the process
   * does not read.
   */
  private static final int LONGEST = 64 << 10;

  private final Processes processes;
  private final Writers.Place place;
  private final Told told;
  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(WAITING);
  private final Thread thread;
  private volatile boolean stopped;

  /** A piece of input, or the end of it. */
  private record Piece(byte[] bytes, boolean close) {}

  /** The receiver of events about what became of the input. */
  interface Told {
    void tell(AttachEvent event) throws IOException;
  }

  AttachInput(Processes processes, Writers.Place place, Told told) {
    this.processes = processes;
    this.place = place;
    this.told = told;
    this.thread = Thread.ofVirtual().name("input-" + place.pid()).start(this::run);
  }

  /** Takes a piece of input, in order after the one before; waits while too much is waiting. */
  void put(byte[] bytes, boolean close) throws InterruptedException {
    int at = 0;
    do {
      int end = Math.min(bytes.length, at + LONGEST);
      if (!stopped) {
        pieces.put(new Piece(Arrays.copyOfRange(bytes, at, end), close && end == bytes.length));
      }
      at = end;
    } while (at < bytes.length);
  }

  private void run() {
    try {
      while (!stopped) {
        write(pieces.take());
      }
    } catch (InterruptedException e) {
      // Another writer took over, or the client is gone.
      return;
    } catch (IOException e) {
      // The client is gone; the thread that reads from it notices, too.
      stopped = true;
    }
  }

  private void write(Piece piece) throws IOException {
    try {
      told.tell(
          new AttachEvent.Taken(
              processes.write(
                  place.sandbox(), place.pid(), -1, piece.bytes(), piece.close(), Duration.ZERO)));
    } catch (ProcessException | SandboxException | SupervisorException e) {
      if (!stopped) {
        told.tell(problem(e));
      }
    }
  }

  static AttachEvent.Problem problem(CaissonException e) {
    String detail =
        e.fields().isEmpty() ? String.valueOf(e.getMessage()) : e.fields().getFirst().sentence();
    return new AttachEvent.Problem(e.code().name(), detail);
  }

  /** Ends the thread; when this returns no input of this writer is on its way any more. */
  void stop() {
    stopped = true;
    thread.interrupt();
    // A thread that waits to put a piece goes on; the piece is never written.
    pieces.clear();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
