package dev.caisson.link;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Tunnel;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.BrokenRuleException;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.UnknownMessageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sandbox's supervisor over its socket. Connections are kept for the next request; each carries
 * one request at a time, a stream holds its own until it is over.
 */
final class SupervisorLink implements Supervisor {
  private static final Logger log = LoggerFactory.getLogger(SupervisorLink.class);

  /** The longest time for the answer to a request that does not wait by itself. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** The time beyond what a waiting request was asked to wait. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  /**
   * The longest time from the last piece of an upload to its answer: that of a rename, or of a slow
   * disk.
   */
  private static final Duration UPLOAD = Duration.ofMinutes(2);

  /** The wait of input for a process that does not read; the caller that gives it ends the wait. */
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private static final int KEPT = 16;

  private final SandboxId sandbox;
  private final Path socket;
  private final Acquaintance acquaintance;
  private final AtomicInteger open;
  private final LinkBudget budget;
  private final ConcurrentLinkedDeque<Line> idle = new ConcurrentLinkedDeque<>();
  private final Set<Line> all = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable String> broken = new AtomicReference<>();
  private volatile Vocabulary vocabulary;
  private volatile boolean closed;

  SupervisorLink(
      SandboxId sandbox, Path socket, Words words, LinkBudget budget, AtomicInteger open) {
    this.sandbox = sandbox;
    this.socket = socket;
    this.budget = budget;
    this.acquaintance = new Acquaintance(sandbox, words);
    this.vocabulary = new Vocabulary(sandbox, "unknown", 0);
    this.open = open;
  }

  /**
   * Opens the first connection, and keeps it.
   *
   * @throws SupervisorException.Untrusted if it is not this sandbox's supervisor that answers
   * @throws IOException if none does
   */
  void greet(Duration deadline) throws IOException {
    try {
      release(dial(deadline));
    } catch (BrokenRuleException e) {
      throw untrusted(e);
    }
  }

  @Override
  public <A extends Answer> A ask(Request<A> request) {
    Line line = acquire(request);
    try (ConnectionWatchdog _ = ConnectionWatchdog.closing(line.connection(), patience(request))) {
      send(line, request);
      Answer answer = line.answer();
      A checked = answer instanceof Answer.Refused ? null : Expectation.checked(request, answer);
      release(line);
      return agreed(request, answer, checked);
    } catch (IOException e) {
      drop(line);
      throw failed(e);
    }
  }

  /** Returns the answer that was asked for, unless the request was refused. */
  private <A extends Answer> A agreed(Request<A> request, Answer answer, @Nullable A checked) {
    if (answer instanceof Answer.Refused no) {
      throw refused(request, no);
    }
    return Objects.requireNonNull(checked);
  }

  /** Tells a request that the supervisor does not know from one that it refuses. */
  private SupervisorException refused(Request<?> request, Answer.Refused no) {
    return no.equals(Answer.Refused.UNKNOWN)
        ? vocabulary.lacking(request.getClass().getSimpleName())
        : new SupervisorException.Refused(sandbox, no);
  }

  private void send(Line line, Request<?> request) throws IOException {
    budget.asked(request, line.connection().send(request));
  }

  @Override
  public <A extends Answer> Answers<A> open(Request.Stream<A> request) {
    Line line = acquire(request);
    try {
      send(line, request);
      return new Sequence<>(line, request);
    } catch (IOException e) {
      drop(line);
      throw failed(e);
    }
  }

  @Override
  public <A extends Answer> A send(FileRequest.Upload<A> request, InputStream content)
      throws IOException {
    Line line = acquire(request);
    boolean kept = false;
    try {
      try {
        send(line, request);
      } catch (IOException e) {
        throw failed(e);
      }
      boolean refused = !new Content(content, holes(request)).send(line.connection());
      Answer answer;
      A checked;
      try (ConnectionWatchdog _ = ConnectionWatchdog.closing(line.connection(), UPLOAD)) {
        answer = line.answer();
        checked = answer instanceof Answer.Refused ? null : Expectation.checked(request, answer);
      } catch (IOException e) {
        throw failed(e);
      }
      A agreed = agreed(request, answer, checked);
      if (refused) {
        throw failed(new IOException("an upload was answered before its end"));
      }
      release(line);
      kept = true;
      return agreed;
    } finally {
      if (!kept) {
        // An upload that did not end well ends its connection: its content is not to be seen.
        drop(line);
      }
    }
  }

  private static boolean holes(FileRequest.Upload<?> request) {
    return request instanceof FileRequest.WriteFile write && write.holes();
  }

  @Override
  public Tunnel dial(Request.Dial request) {
    Line line = acquire(request);
    boolean dialled = false;
    try (ConnectionWatchdog _ = ConnectionWatchdog.closing(line.connection(), patience(request))) {
      send(line, request);
      Answer answer = line.answer();
      if (answer instanceof Answer.Refused no) {
        throw refused(request, no);
      }
      Answer.Dialled _ = Expectation.checked(request, answer);
      dialled = true;
      return new ConnectionTunnel(line.connection(), () -> drop(line));
    } catch (IOException e) {
      throw failed(e);
    } finally {
      if (!dialled) {
        drop(line);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    all.forEach(this::drop);
  }

  /** Takes a connection for a request that will be understood. */
  private Line acquire(Request<?> request) {
    Line line = acquire();
    try {
      vocabulary.require((Record) request);
      return line;
    } catch (SupervisorException.TooOld e) {
      release(line);
      throw e;
    }
  }

  private Line acquire() {
    if (broken.get() != null) {
      throw failed(new IOException("the link is broken"));
    }
    Line kept = idle.pollFirst();
    if (kept != null) {
      return kept;
    }
    try {
      return dial(ANSWER);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Line dial(Duration deadline) throws IOException {
    if (all.size() >= LinkBudget.CONNECTIONS) {
      throw new IOException("it has " + LinkBudget.CONNECTIONS + " connections already");
    }
    Line line = new Line(UntrustedSocket.connect(socket), budget);
    all.add(line);
    open.incrementAndGet();
    try (ConnectionWatchdog _ = ConnectionWatchdog.closing(line.connection(), deadline)) {
      if (closed || broken.get() != null) {
        throw new IOException("the link is closed");
      }
      vocabulary = acquaintance.meet(line);
      return line;
    } catch (IOException | RuntimeException e) {
      drop(line);
      throw e;
    }
  }

  private void release(Line line) {
    // What comes beyond an answer must not be taken for the next one.
    boolean good = line.connection().isOpen() && !line.connection().hasMore();
    if (closed || !good || idle.size() >= KEPT) {
      drop(line);
    } else {
      idle.addFirst(line);
    }
  }

  private void drop(Line line) {
    idle.remove(line);
    if (all.remove(line)) {
      open.decrementAndGet();
    }
    try {
      line.close();
    } catch (IOException e) {
      // Nothing can be done with it either way.
    }
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

  /**
   * Creates the error for a failure: a broken rule breaks the link; any other failure is that of
   * one connection.
   */
  private SupervisorException failed(IOException cause) {
    if (cause instanceof BrokenRuleException rule) {
      return untrusted(rule);
    }
    if (cause instanceof UnknownMessageException answer) {
      return vocabulary.beyond(answer);
    }
    String why = broken.get();
    return why == null
        ? new SupervisorException.Lost(
            sandbox,
            "The supervisor of " + sandbox + " cannot be reached: " + cause.getMessage(),
            cause)
        : new SupervisorException.Untrusted(sandbox, why);
  }

  /**
   * Breaks the link: nothing is believed from here on, and each call that waits for an answer gets
   * the reason.
   */
  private SupervisorException.Untrusted untrusted(BrokenRuleException rule) {
    String why =
        "The supervisor of " + sandbox + " does not keep to the format: " + rule.getMessage();
    if (broken.compareAndSet(null, why)) {
      log.atWarn()
          .addKeyValue("sandbox", sandbox)
          .addKeyValue("rule", rule.getMessage())
          .log("a supervisor broke the rules of the wire");
    }
    all.forEach(this::drop);
    return new SupervisorException.Untrusted(sandbox, Objects.requireNonNull(broken.get()));
  }

  /** The answers to one request. */
  private final class Sequence<A extends Answer> implements Answers<A> {
    private final Line line;
    private final Request.Stream<A> request;
    private final Expectation expected;
    private final boolean pushed;
    private long count;
    private long bytes;
    private int unknown;
    private volatile boolean over;

    /** True once nothing but the mark of the end follows. */
    private volatile boolean complete;

    Sequence(Line line, Request.Stream<A> request) {
      this.line = line;
      this.request = request;
      this.expected = Expectation.of(request);
      this.pushed = request instanceof Request.Watch;
    }

    @Override
    public @Nullable A next() {
      while (!over) {
        try {
          Answer answer = line.answer();
          if (pushed) {
            budget.pushed(line.lastFrame());
            if (answer instanceof DaemonStatus) {
              budget.pushedStatus();
            }
          }
          unknown = 0;
          if (answer instanceof Answer.Done) {
            expected.checkEnd(request);
            finish();
          } else if (answer instanceof Answer.Refused no) {
            finish();
            throw refused(request, no);
          } else {
            return taken(answer);
          }
        } catch (UnknownMessageException e) {
          skip(e);
        } catch (IOException e) {
          throw end(e);
        }
      }
      return null;
    }

    @SuppressWarnings("unchecked")
    private @Nullable A taken(Answer answer) throws BrokenRuleException {
      expected.check(request, answer, count++);
      bytes += line.lastFrame();
      if (bytes > LinkBudget.LIST && request instanceof Request.ListProcesses) {
        // Large commands are no lie; but what is made of them must end somewhere.
        log.atWarn()
            .addKeyValue("sandbox", sandbox)
            .log("a list of processes is too long, the rest is left out");
        over = true;
        drop(line);
        return null;
      }
      complete = answer instanceof Answer.Finished;
      return (A) answer;
    }

    /**
     * Skips an answer of a newer supervisor that is not known here; what is known goes on, unless
     * the sequence begins with that.
     */
    private void skip(UnknownMessageException e) {
      try {
        if (pushed) {
          budget.pushed(line.lastFrame());
          // It had its place, so that what follows is not taken for the first.
          count++;
        }
        if (++unknown > LinkBudget.UNKNOWN) {
          throw new BrokenRuleException("its message is not known here: " + e.getMessage());
        }
      } catch (BrokenRuleException rule) {
        throw end(rule);
      }
      if (count == 0 && expected.hasHead()) {
        throw end(e);
      }
    }

    private SupervisorException end(IOException e) {
      over = true;
      drop(line);
      return failed(e);
    }

    private void finish() {
      over = true;
      release(line);
    }

    /** Keeps the connection where all that was asked for has been read. */
    @Override
    public void close() {
      try {
        if (!over && complete && line.connection().hasReceived()) {
          // The mark of the end came with what was asked for: nothing is waited for.
          next();
        }
        if (!over && complete) {
          try (ConnectionWatchdog _ = ConnectionWatchdog.closing(line.connection(), SLACK)) {
            next();
          }
        }
      } catch (SupervisorException e) {
        // What was asked for was answered; the connection is dropped already.
      }
      if (!over) {
        over = true;
        drop(line);
      }
    }
  }
}
