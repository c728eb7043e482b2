package dev.caisson.supervisor;

import dev.caisson.supervisor.child.InputPipe;
import dev.caisson.supervisor.child.Pty;
import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.peer.Peer;
import dev.caisson.supervisor.process.RestartSequence;
import dev.caisson.supervisor.process.RunningProcess;
import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.SignalName;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.time.Duration;

/** The part of a conversation that answers requests to act on a process. */
final class ProcessConversation {
  /**
   * The longest wait for input to be taken: a process may take it when it likes, and the peer that
   * gives it ends the wait.
   */
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private final SupervisorContext context;
  private final Peer peer;

  ProcessConversation(SupervisorContext context, Peer peer) {
    this.context = context;
    this.peer = peer;
  }

  void write(Request.Write request) throws IOException, InterruptedException, RefusedException {
    Source source = context.find(request.pid());
    peer.whileThere(() -> {
      long total =
          source instanceof RunningProcess live
              ? give(live, request)
              : givenBefore(source, request);
      peer.send(new Answer.Written(total));
    });
  }

  private static long give(RunningProcess live, Request.Write request)
      throws InterruptedException, RefusedException {
    InputPipe input = live.child().input();
    if (input == null) {
      throw live.ended()
          ? RefusedException.ended()
          : new RefusedException(
              RefusalCode.INPUT_CLOSED,
              "the process was started without open input (stdinOpen, tty)");
    }
    long millis = request.timeoutMillis();
    Deadline deadline = Deadline.in(millis > 0 ? millis : FOR_EVER.toMillis());
    return input.write(request.offset(), request.bytes(), request.close(), deadline);
  }

  /** Returns what a repeated request gave before, since it may come after the end. */
  private static long givenBefore(Source source, Request.Write request) throws RefusedException {
    ProcessInfo.Input input = source.requireProcess().input();
    int length = request.bytes().length;
    if (input == null
        || length == 0
        || request.offset() < 0
        || request.offset() + length > input.bytes()) {
      throw RefusedException.ended();
    }
    return input.bytes();
  }

  void resize(Request.Resize request) throws IOException, RefusedException {
    Source source = context.find(request.pid());
    if (source.requireProcess().terminal() == null) {
      throw new RefusedException(
          RefusalCode.ENOTTY, "process " + request.pid() + " has no terminal");
    }
    Pty.check(request.terminal());
    Pty pty = source instanceof RunningProcess live ? live.child().pty() : null;
    try {
      if (pty == null || !pty.resize(new LibC(), request.terminal())) {
        throw RefusedException.ended();
      }
    } catch (SystemException e) {
      throw new RefusedException(e.code(), String.valueOf(e.getMessage()));
    }
    peer.send(source.requireProcess());
  }

  void signal(Request.Signal request) throws IOException, RefusedException {
    int number = SignalName.number(request.signal());
    Source source = context.find(request.pid());
    if (!(source instanceof RunningProcess live)
        || !live.child().signal(new LibC(), number, true)) {
      throw RefusedException.ended();
    }
    peer.send(live.process());
  }

  /** Ends the attempt that runs now, whichever of a sequence was named; none follows. */
  void end(Request.End request) throws IOException, InterruptedException, RefusedException {
    Duration grace = Duration.ofMillis(Math.max(0, request.graceMillis()));
    Source source = context.find(request.pid());
    RestartSequence sequence = context.registry().sequence(request.pid());
    RunningProcess present = sequence == null ? null : sequence.stopNow();
    if (present != null) {
      context.rewrite(present);
      end(present.pid(), present, grace, request.tree());
    }
    if (present == null || present.pid() != request.pid()) {
      end(request.pid(), source, grace, request.tree());
    }
    peer.send(context.find(request.pid()).requireProcess());
  }

  private void end(long pid, Source source, Duration grace, boolean tree)
      throws InterruptedException {
    if (source instanceof RunningProcess live && !live.ended()) {
      context.termination().end(live.child(), ProcessInfo.Cause.KILLED_BY_USER, grace, tree);
    } else {
      context.termination().endRest(pid, context.registry().mark(pid), grace, tree);
    }
  }
}
