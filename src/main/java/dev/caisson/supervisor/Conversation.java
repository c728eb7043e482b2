package dev.caisson.supervisor;

import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.peer.Dialled;
import dev.caisson.supervisor.peer.Peer;
import dev.caisson.supervisor.peer.Watcher;
import dev.caisson.supervisor.process.Listeners;
import dev.caisson.supervisor.process.RunningProcess;
import dev.caisson.supervisor.process.Starter;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.RequestHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The conversation with one peer: answers its requests, one after the other, for as long as it is
 * there.
 */
final class Conversation implements RequestHandler {
  /**
   * The size in bytes above which answers wait for a turn, since the heap holds several copies of
   * them.
   */
  private static final int LARGE = 256 << 10;

  /** The size in bytes up to which answers fit into what the socket takes without a wait. */
  private static final int SMALL = 32 << 10;

  private static final Semaphore LARGE_TURNS = new Semaphore(2);

  private final SupervisorContext context;
  private final Peer peer;
  private final ProcessConversation processes;

  Conversation(SupervisorContext context, Peer peer) {
    this.context = context;
    this.peer = peer;
    this.processes = new ProcessConversation(context, peer);
  }

  /** Greets the peer and answers until it goes away. */
  void run() throws InterruptedException {
    try {
      peer.send(context.greeting());
      while (true) {
        answer(peer.next());
      }
    } catch (Peer.GoneException e) {
      Log.debug("a conversation is over");
    }
  }

  /** Answers what waits for nothing but the kernel: the start of a process, not its end. */
  boolean answered(@Nullable Message message) throws Peer.GoneException, InterruptedException {
    boolean quick =
        message instanceof Request.Run(Request.Start start, _)
            && start.once() == null
            && start.readiness() == null;
    if (quick) {
      answer(message);
    }
    return quick;
  }

  private void answer(@Nullable Message message) throws Peer.GoneException, InterruptedException {
    try {
      if (message instanceof Request<?> request) {
        if (!request.beforeConfigured()) {
          context.configuration().require();
        }
        request.answeredBy(this);
      } else {
        peer.send(Answer.Refused.UNKNOWN);
      }
    } catch (RefusedException e) {
      peer.send(e.answer());
    } catch (Peer.GoneException e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      // Whatever one request does to itself, the supervisor goes on.
      Log.error("a request failed", "error", e);
      peer.send(new Answer.Refused(RefusalCode.INTERNAL.name(), String.valueOf(e)));
    }
  }

  @Override
  public void handle(Request.Prove request) throws Peer.GoneException, RefusedException {
    peer.send(context.word().prove(request.nonce()));
  }

  @Override
  public void handle(Request.Introduce request) throws Peer.GoneException, RefusedException {
    context.word().introduce(request.word());
    peer.send(new Answer.Done());
  }

  @Override
  public void handle(Request.Configure request)
      throws IOException, InterruptedException, RefusedException {
    context.configure(request);
    peer.send(new Answer.Done());
  }

  @Override
  public void handle(Request.Watch request)
      throws IOException, InterruptedException, RefusedException {
    context.ears().run(() -> peer.whileThere(this::watch));
  }

  @Override
  public void handle(Request.DescribeDaemon request) throws Peer.GoneException {
    peer.send(context.docker().status());
  }

  @Override
  public void handle(FileRequest<?> request)
      throws IOException, InterruptedException, RefusedException {
    String user = context.configuration().get().user();
    request.answeredBy(new FileConversation(peer, user));
  }

  @Override
  public void handle(Request.Start request)
      throws IOException, InterruptedException, RefusedException {
    peer.send(context.starter().start(request).info());
  }

  @Override
  public void handle(Request.Describe request) throws Peer.GoneException, RefusedException {
    peer.send(context.find(request.pid()).requireProcess());
  }

  @Override
  public void handle(Request.Signal request) throws IOException, RefusedException {
    processes.signal(request);
  }

  @Override
  public void handle(Request.End request)
      throws IOException, InterruptedException, RefusedException {
    processes.end(request);
  }

  @Override
  public void handle(Request.Write request)
      throws IOException, InterruptedException, RefusedException {
    processes.write(request);
  }

  @Override
  public void handle(Request.Resize request) throws IOException, RefusedException {
    processes.resize(request);
  }

  @Override
  public void handle(Request.Claim request)
      throws IOException, InterruptedException, RefusedException {
    peer.send(context.claim(request));
  }

  @Override
  public void handle(Request.Forget request) throws IOException, RefusedException {
    context.registry().forgetAll();
    peer.send(new Answer.Done());
  }

  @Override
  public void handle(Request.DescribeActivity request) throws IOException {
    peer.send(context.activity());
  }

  @Override
  public void handle(Request.Credentials request) throws Peer.GoneException {
    context.credentials().give(request.credentials());
    peer.send(new Answer.Done());
  }

  @Override
  public void handle(Request.Daemon request)
      throws IOException, InterruptedException, RefusedException {
    peer.send(context.docker().want(request.command()));
  }

  @Override
  public void handle(Request.ListListeners request) throws IOException, InterruptedException {
    peer.send(Listeners.now(context.registry()));
  }

  @Override
  public void handle(Request.Shutdown request)
      throws IOException, InterruptedException, RefusedException {
    context.shutdown().run(Duration.ofMillis(Math.max(0, request.graceMillis())));
    peer.send(new Answer.Done());
  }

  @Override
  public void handle(Request.ListProcesses request) throws IOException {
    list();
    peer.send(new Answer.Done());
  }

  @Override
  public void handle(Request.Follow request)
      throws IOException, InterruptedException, RefusedException {
    Source source = context.find(request.journal());
    peer.whileThere(() -> OutputStreams.follow(peer, source, request));
    peer.send(new Answer.Done());
  }

  @Override
  public void handle(Request.Read request)
      throws IOException, InterruptedException, RefusedException {
    Source source = context.find(request.journal());
    peer.whileThere(() -> OutputStreams.read(peer, source, request));
    peer.send(new Answer.Done());
  }

  /** Handles the last request of a connection, which carries bytes from then on. */
  @Override
  public void handle(Request.Dial request) throws Peer.GoneException, InterruptedException {
    try (Dialled dialled = Dialled.to(request)) {
      peer.send(new Answer.Dialled());
      dialled.carry(peer.connection());
    } catch (RefusedException e) {
      peer.send(e.answer());
    }
    throw new Peer.GoneException(null);
  }

  /**
   * Starts the process; the thread that sees its end sends the answer, and the peer asks nothing
   * else on this connection before.
   */
  @Override
  public void handle(Request.Run request)
      throws IOException, InterruptedException, RefusedException {
    Starter.Started started = context.starter().start(request.start());
    peer.send(started.info());
    Source source = started.source();
    if (source instanceof RunningProcess live) {
      live.child().whenEnded(() -> ended(live, request.textBytes()));
    } else {
      finishRun(source, request.textBytes());
    }
  }

  /**
   * Sends the end of a run; called by the reaper, which leaves to others what is long, or slow to
   * read.
   */
  private void ended(RunningProcess live, int textBytes) {
    if (Math.min(textBytes, kept(live.process())) <= SMALL) {
      // What a descendant writes from here on does not make it long.
      finishRunSafely(live, Math.min(textBytes, SMALL));
    } else {
      Thread.ofVirtual().name("finish-" + live.pid()).start(() -> finishRunSafely(live, textBytes));
    }
  }

  private void finishRunSafely(Source source, int textBytes) {
    try {
      finishRun(source, textBytes);
    } catch (Peer.GoneException e) {
      Log.debug("nobody waits for the end of a process any more");
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      // Whoever waits must not wait for ever: a broken connection is an answer too.
      Log.error("the end of a process was not told", "error", e);
      peer.close();
    }
  }

  private void finishRun(Source source, int textBytes) throws IOException, InterruptedException {
    finish(source, textBytes, true);
  }

  @Override
  public void handle(Request.Await request)
      throws IOException, InterruptedException, RefusedException {
    Source source = context.find(request.pid());
    if (source instanceof RunningProcess live) {
      peer.whileThere(() -> {
        if (request.ready()) {
          live.awaitReady(request.timeoutMillis());
        } else {
          live.child().await(request.timeoutMillis());
        }
      });
    }
    finish(source, request.textBytes(), false);
  }

  private void watch() throws IOException, InterruptedException {
    Watcher watcher = context.watchers().add(context.docker().status());
    try {
      while (true) {
        peer.send(watcher.next());
      }
    } finally {
      context.watchers().remove(watcher);
    }
  }

  private void list() throws IOException {
    for (long pid : context.registry().pids()) {
      try {
        peer.send(context.find(pid).requireProcess());
      } catch (RefusedException e) {
        Log.debug("forgotten while it was listed", "pid", pid);
      }
    }
  }

  private void finish(Source source, int textBytes, boolean done)
      throws IOException, InterruptedException {
    ProcessInfo process = source.requireProcess();
    boolean large = Math.min(textBytes, kept(process)) > LARGE;
    if (large) {
      LARGE_TURNS.acquire();
    }
    try {
      Answer.Finished finished = OutputText.finished(source, process, textBytes);
      peer.send(done ? List.of(finished, new Answer.Done()) : List.of(finished));
    } finally {
      if (large) {
        LARGE_TURNS.release();
      }
    }
  }

  private static long kept(ProcessInfo process) {
    return process.stdout().bytes()
        - process.stdout().dropped()
        + process.stderr().bytes()
        - process.stderr().dropped();
  }
}
