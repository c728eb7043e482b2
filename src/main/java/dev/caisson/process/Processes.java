package dev.caisson.process;

import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The processes of all sandboxes. They belong to their supervisors: nothing is kept here, and no
 * process ends because a caller, or this service, goes away.
 */
@Component
public class Processes {
  /** The most bytes of each stream that an answer carries as text. */
  static final int TEXT_BYTES = 1 << 20;

  private final Sandboxes sandboxes;
  private final Streams streams;
  private final ProcessRecord record;

  Processes(Sandboxes sandboxes, Streams streams, ProcessRecord record) {
    this.sandboxes = sandboxes;
    this.streams = streams;
    this.record = record;
  }

  /**
   * Starts a process and answers at once.
   *
   * @throws ProcessException.NotStarted if the system does not start it
   */
  public ProcessInfo start(SandboxId id, Request.Start start) {
    Supervisor supervisor = ready(id);
    try {
      ProcessInfo process = supervisor.ask(start);
      record.started(id, process);
      return process;
    } catch (SupervisorException.Refused e) {
      throw Refusals.ofStart(id, start, e);
    }
  }

  /**
   * Starts a process and waits for its end.
   *
   * @throws ProcessException.NotStarted if the system does not start it
   * @throws ProcessException.CutOff if the wait ends before the process
   */
  public Answer.Finished run(SandboxId id, Request.Start start) {
    Supervisor supervisor = ready(id);
    Timer.Sample sample = record.startTiming();
    long pid = 0;
    try (Answers<Answer> answers = supervisor.open(new Request.Run(start, TEXT_BYTES));
        Streams.Handle _ = streams.open(answers::close)) {
      for (Answer answer = answers.next(); answer != null; answer = answers.next()) {
        switch (answer) {
          case ProcessInfo process -> {
            pid = process.pid();
            record.started(id, process);
          }
          case Answer.Finished finished -> {
            record.finished(id, finished, sample);
            return finished;
          }
          default -> {
            // A newer supervisor may say more.
          }
        }
      }
      throw new ProcessException.CutOff(id, pid, null);
    } catch (SupervisorException.Refused e) {
      throw Refusals.ofStart(id, start, e);
    } catch (SupervisorException.Lost e) {
      throw pid == 0 ? e : new ProcessException.CutOff(id, pid, e);
    }
  }

  /**
   * Starts a process and, unless it runs in the background, waits for its end; answers with this
   * part of its output then.
   */
  public ProcessAnswer launch(SandboxId id, Request.Start start, InlineText part) {
    return start.background() ? ProcessAnswer.from(start(id, start)) : run(id, start, part);
  }

  /** Starts a process and waits for its end; answers with this part of its output. */
  public ProcessAnswer run(SandboxId id, Request.Start start, InlineText part) {
    return answer(id, run(id, start), part);
  }

  /** Returns a process with this part of its output. */
  private ProcessAnswer answer(SandboxId id, Answer.Finished finished, InlineText part) {
    ProcessInfo process = finished.process();
    return ProcessAnswer.from(
        process,
        stream(id, process, StreamName.STDOUT, finished.stdout(), part),
        stream(id, process, StreamName.STDERR, finished.stderr(), part));
  }

  /** Returns a stream; asks for its end only where the answer does not hold that already. */
  private StreamAnswer stream(
      SandboxId id,
      ProcessInfo process,
      StreamName name,
      byte @Nullable [] first,
      InlineText part) {
    ProcessInfo.Volume volume = name == StreamName.STDOUT ? process.stdout() : process.stderr();
    if (first == null
        || volume.bytes() - volume.dropped() <= first.length
        || part == InlineText.HEAD) {
      return StreamAnswer.from(volume, first);
    }
    int most = part == InlineText.TAIL ? TEXT_BYTES : TEXT_BYTES / 2;
    Excerpt last;
    try {
      last = last(id, process.pid(), name, volume.bytes() - most, most).withoutRest();
    } catch (SupervisorException | ProcessException e) {
      // The exit is worth more than the end of the output.
      return StreamAnswer.from(volume, first);
    }
    return part == InlineText.TAIL
        ? last.alone(volume)
        : new Excerpt(volume.dropped(), first).head(most).withoutBeginning().joined(last, volume);
  }

  private Excerpt last(SandboxId id, long pid, StreamName name, long from, int length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(length);
    long begun = from;
    try (Answers<Answer.Bytes> answers = read(id, Long.toString(pid), name, from, length, false)) {
      for (Answer.Bytes piece = answers.next(); piece != null; piece = answers.next()) {
        // What was dropped meanwhile is missing before the first of them.
        begun = bytes.size() == 0 ? piece.offset() : begun;
        bytes.writeBytes(piece.bytes());
      }
    }
    return new Excerpt(begun, bytes.toByteArray());
  }

  /**
   * Passes on all processes that run, and the ended ones whose record is kept, one after the other.
   */
  public void each(SandboxId id, Consumer<ProcessInfo> told) {
    try (Answers<ProcessInfo> answers =
        sandboxes.supervisor(id).open(new Request.ListProcesses())) {
      for (ProcessInfo process = answers.next(); process != null; process = answers.next()) {
        told.accept(process);
      }
    }
  }

  /** Returns a process without text. */
  public ProcessInfo get(SandboxId id, long pid) {
    try {
      return sandboxes.supervisor(id).ask(new Request.Describe(pid));
    } catch (SupervisorException.Refused e) {
      throw Refusals.of(id, Long.toString(pid), e);
    }
  }

  /**
   * Waits for the end of a process, or of the time; answers with the process as it is then, with
   * text.
   *
   * @param ready whether to wait no longer than until the process is ready, or cannot become so any
   *     more
   */
  public ProcessAnswer await(
      SandboxId id, long pid, Duration timeout, boolean ready, InlineText part) {
    return answer(id, await(id, pid, timeout, ready), part);
  }

  private Answer.Finished await(SandboxId id, long pid, Duration timeout, boolean ready) {
    Supervisor supervisor = sandboxes.supervisor(id);
    Streams.Handle handle = streams.open(Thread.currentThread()::interrupt);
    try (handle) {
      Answer.Finished finished =
          supervisor.ask(new Request.Await(pid, timeout.toMillis(), TEXT_BYTES, ready));
      record.read(id, finished);
      return finished;
    } catch (SupervisorException.Refused e) {
      throw Refusals.of(id, Long.toString(pid), e);
    } catch (SupervisorException.Lost e) {
      // The service that stops ended the wait, by its connection; the process runs on.
      throw handle.ended() ? new SandboxException.ServiceStopping() : e;
    } finally {
      if (handle.ended()) {
        // It was meant for the wait; the answer still has to be written.
        boolean _ = Thread.interrupted();
      }
    }
  }

  /**
   * Signals the whole group of a process.
   *
   * @throws ProcessException.Ended if no process of the group is left
   */
  public ProcessInfo signal(SandboxId id, long pid, String signal) {
    try {
      return ready(id).ask(new Request.Signal(pid, signal));
    } catch (SupervisorException.Refused e) {
      throw Refusals.ofSignal(id, pid, signal, e);
    }
  }

  /**
   * Gives a process input, and waits until it has taken it.
   *
   * @param offset of the first byte in all of the input; -1 for the present position
   * @param close whether the input ends with these bytes
   * @param timeout how long to wait at most, zero for as long as it takes
   * @return how many bytes the process was given since its start
   * @throws ProcessException.InputFull if the time was over before; the process has taken a part
   */
  public long write(
      SandboxId id, long pid, long offset, byte[] bytes, boolean close, Duration timeout) {
    try {
      return ready(id)
          .ask(new Request.Write(pid, offset, bytes, close, timeout.toMillis()))
          .total();
    } catch (SupervisorException.Refused e) {
      if (e.reason == RefusalCode.INPUT_FULL) {
        ProcessInfo.Input input = get(id, pid).input();
        throw new ProcessException.InputFull(id, pid, input == null ? 0 : input.bytes());
      }
      throw Refusals.ofInput(id, pid, e);
    }
  }

  /** Changes the size of a process's terminal. */
  public ProcessInfo resize(SandboxId id, long pid, Request.Terminal terminal) {
    try {
      return ready(id).ask(new Request.Resize(pid, terminal));
    } catch (SupervisorException.Refused e) {
      throw Refusals.ofInput(id, pid, e);
    }
  }

  /**
   * Ends the whole group of a process: TERM, then KILL after the grace; an ended process stays as
   * it is.
   *
   * @param tree whether descendants that have left the group are ended too
   */
  public ProcessInfo end(SandboxId id, long pid, Duration grace, boolean tree) {
    try {
      return sandboxes.supervisor(id).ask(new Request.End(pid, grace.toMillis(), tree));
    } catch (SupervisorException.Refused e) {
      throw Refusals.of(id, Long.toString(pid), e);
    }
  }

  /** Opens both streams of a journal, in order. */
  Answers<Answer> follow(SandboxId id, String journal, long after, boolean follow) {
    try {
      return sandboxes.supervisor(id).open(new Request.Follow(journal, after, follow));
    } catch (SupervisorException.Refused e) {
      throw Refusals.of(id, journal, e);
    }
  }

  /** Opens the bytes of one stream of a journal. */
  Answers<Answer.Bytes> read(
      SandboxId id, String journal, StreamName stream, long offset, long length, boolean follow) {
    try {
      return sandboxes
          .supervisor(id)
          .open(new Request.Read(journal, stream, offset, length, follow));
    } catch (SupervisorException.Refused e) {
      throw Refusals.of(id, journal, e);
    }
  }

  /**
   * Returns the supervisor of a ready sandbox. An archive answers reads alone; this refuses every
   * command in the same way.
   */
  private Supervisor ready(SandboxId id) {
    SandboxState state = sandboxes.get(id).state();
    if (state != SandboxState.READY) {
      throw new SandboxException.NotReady(id, state);
    }
    return sandboxes.supervisor(id);
  }
}
