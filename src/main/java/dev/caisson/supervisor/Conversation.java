package dev.caisson.supervisor;

import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.peer.Dialled;
import dev.caisson.supervisor.peer.Peer;
import dev.caisson.supervisor.peer.Watcher;
import dev.caisson.supervisor.process.Listeners;
import dev.caisson.supervisor.process.LiveSource;
import dev.caisson.supervisor.process.Starter;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Answers one peer's requests, one after the other, for as long as it is there. */
final class Conversation {
  /** Answers longer than this wait for a turn, since the heap holds several copies of them. */
  private static final int LARGE = 256 << 10;

  /** Answers up to this fit into what the socket takes without a wait. */
  private static final int SMALL = 32 << 10;

  private static final Semaphore LARGE_TURNS = new Semaphore(2);

  private final Sandbox sandbox;
  private final Peer peer;
  private final ProcessConversation processes;

  Conversation(Sandbox sandbox, Peer peer) {
    this.sandbox = sandbox;
    this.peer = peer;
    this.processes = new ProcessConversation(sandbox, peer);
  }

  /** Greets the peer and answers until it goes away. */
  void run() throws InterruptedException {
    try {
      peer.send(sandbox.greeting());
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
        answerRequest(request);
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
      peer.send(new Answer.Refused("INTERNAL", String.valueOf(e)));
    }
  }

  /**
   * No switch over patterns here and in {@link FileConversation}: the virtual machine generates a
   * class for it when it is first reached, in every sandbox anew.
   */
  private void answerRequest(Request<?> request)
      throws IOException, InterruptedException, RefusedException {
    if (request instanceof Request.Prove prove) {
      peer.send(sandbox.word().prove(prove.nonce()));
    } else if (request instanceof Request.Introduce introduce) {
      sandbox.word().introduce(introduce.word());
      peer.send(new Answer.Done());
    } else if (request instanceof Request.Configure configure) {
      sandbox.configure(configure);
      peer.send(new Answer.Done());
    } else if (request instanceof Request.Watch) {
      peer.whileThere(this::watch);
    } else if (request instanceof Request.DescribeDaemon) {
      peer.send(sandbox.docker().status());
    } else {
      Request.Configure configured = sandbox.configuration().get();
      if (request instanceof Request.Run run) {
        run(run);
      } else if (request instanceof FileRequest<?> files) {
        new FileConversation(peer, configured.user()).answer(files);
      } else if (request instanceof Request.Stream<?> stream) {
        stream(stream);
        peer.send(new Answer.Done());
      } else if (request instanceof Request.Dial dial) {
        dial(dial);
      } else if (!answerOfProcess(request)) {
        answerOfSandbox(request);
      }
    }
  }

  private boolean answerOfProcess(Request<?> request)
      throws IOException, InterruptedException, RefusedException {
    if (request instanceof Request.Start start) {
      peer.send(sandbox.starter().start(start).info());
    } else if (request instanceof Request.Describe describe) {
      peer.send(sandbox.find(describe.pid()).requireProcess());
    } else if (request instanceof Request.Await await) {
      await(await);
    } else if (request instanceof Request.Signal signal) {
      processes.signal(signal);
    } else if (request instanceof Request.End end) {
      processes.end(end);
    } else if (request instanceof Request.Write write) {
      processes.write(write);
    } else if (request instanceof Request.Resize resize) {
      processes.resize(resize);
    } else {
      return false;
    }
    return true;
  }

  private void answerOfSandbox(Request<?> request)
      throws IOException, InterruptedException, RefusedException {
    if (request instanceof Request.Claim claim) {
      peer.send(sandbox.claim(claim));
    } else if (request instanceof Request.Forget) {
      sandbox.roll().forgetAll();
      peer.send(new Answer.Done());
    } else if (request instanceof Request.DescribeActivity) {
      peer.send(sandbox.activity());
    } else if (request instanceof Request.Credentials credentials) {
      sandbox.credentials().give(credentials.credentials());
      peer.send(new Answer.Done());
    } else if (request instanceof Request.Daemon daemon) {
      peer.send(sandbox.docker().want(daemon.command()));
    } else if (request instanceof Request.ListListeners) {
      peer.send(Listeners.now(sandbox.roll()));
    } else if (request instanceof Request.Shutdown shutdown) {
      sandbox.shutdown().run(Duration.ofMillis(Math.max(0, shutdown.graceMillis())));
      peer.send(new Answer.Done());
    } else {
      throw new IllegalStateException("nobody answers " + request.getClass().getSimpleName());
    }
  }

  /** The last thing that is said on a connection. */
  private void dial(Request.Dial request) throws Peer.GoneException, InterruptedException {
    try (Dialled dialled = Dialled.to(request)) {
      peer.send(new Answer.Dialled());
      dialled.carry(peer.connection());
    } catch (RefusedException e) {
      peer.send(e.answer());
    }
    throw new Peer.GoneException(null);
  }

  private void stream(Request.Stream<?> request)
      throws IOException, InterruptedException, RefusedException {
    if (request instanceof Request.ListProcesses) {
      list();
    } else if (request instanceof Request.Follow follow) {
      Source source = sandbox.find(follow.journal());
      peer.whileThere(() -> OutputStreams.follow(peer, source, follow));
    } else if (request instanceof Request.Read read) {
      Source source = sandbox.find(read.journal());
      peer.whileThere(() -> OutputStreams.read(peer, source, read));
    } else {
      throw new IllegalStateException("nobody streams " + request.getClass().getSimpleName());
    }
  }

  /** Its end is told by whoever sees it; the peer asks nothing else on this connection before. */
  private void run(Request.Run request) throws IOException, InterruptedException, RefusedException {
    Starter.Started started = sandbox.starter().start(request.start());
    peer.send(started.info());
    Source source = started.source();
    if (source instanceof LiveSource live) {
      live.child().whenEnded(() -> ended(live, request.textBytes()));
    } else {
      finishRun(source, request.textBytes());
    }
  }

  /** Called by the reaper: what is long, or slow to read, is not its work. */
  private void ended(LiveSource live, int textBytes) {
    if (Math.min(textBytes, kept(live.process())) <= SMALL) {
      // What a descendant writes from here on does not make it long.
      finishRunSafely(live, Math.min(textBytes, SMALL));
    } else {
      Thread.ofVirtual()
          .name("finish-" + live.child().pid())
          .start(() -> finishRunSafely(live, textBytes));
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

  private void await(Request.Await request)
      throws IOException, InterruptedException, RefusedException {
    Source source = sandbox.find(request.pid());
    if (source instanceof LiveSource live) {
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
    Watcher watcher = sandbox.watchers().add(sandbox.docker().status());
    try {
      while (true) {
        peer.send(watcher.next());
      }
    } finally {
      sandbox.watchers().remove(watcher);
    }
  }

  private void list() throws IOException {
    for (long pid : sandbox.roll().pids()) {
      try {
        peer.send(sandbox.find(pid).requireProcess());
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
      Answer.Finished finished = Texts.finished(source, process, textBytes);
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
