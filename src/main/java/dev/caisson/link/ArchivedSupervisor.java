package dev.caisson.link;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.KnownProcesses;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Tunnel;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor of a sandbox that has ended: answers what can be read from archived journals and
 * from what was last heard of its processes, in the words that the sandbox's own would have used;
 * refuses the rest.
 */
final class ArchivedSupervisor implements Supervisor {
  private final SandboxId sandbox;
  private final ProcessArchive archive;
  private final KnownProcesses known;

  ArchivedSupervisor(SandboxId sandbox, Path processes, KnownProcesses known) {
    this.sandbox = sandbox;
    this.known = known;
    this.archive = new ProcessArchive(sandbox, processes, known.cause());
  }

  @Override
  public <A extends Answer> A ask(Request<A> request) {
    return cast(
        switch (request) {
          case Request.Describe describe -> process(describe.pid());
          case Request.Await await -> finished(process(await.pid()), await.textBytes());
          case Request.End end -> process(end.pid());
          default -> throw refused();
        });
  }

  @Override
  public <A extends Answer> Answers<A> open(Request.Stream<A> request) {
    return new Listed<>(
        switch (request) {
          case Request.ListProcesses _ -> new Processes();
          case Request.Follow follow -> {
            checkOutput(follow.journal());
            yield archive.follow(follow);
          }
          case Request.Read read -> {
            checkOutput(read.journal());
            yield archive.read(read);
          }
          case Request.Run _, Request.Watch _, FileRequest.Streamed<?> _ -> throw refused();
        });
  }

  @Override
  public <A extends Answer> A send(FileRequest.Upload<A> request, InputStream content) {
    throw refused();
  }

  @Override
  public Tunnel dial(Request.Dial request) {
    throw refused();
  }

  /** Finds a process as it was archived; else as it was last heard of. */
  private ProcessInfo process(long pid) {
    ProcessInfo process = archive.process(pid);
    ProcessInfo found = process == null ? known.find(pid) : process;
    if (found == null) {
      throw new SupervisorException.Refused(
          sandbox, RefusalCode.NO_SUCH_PROCESS, "there is no record of process " + pid);
    }
    return process == null ? archive.measured(found) : found;
  }

  /**
   * The processes as they were last heard of, each as it was archived where it was, then those that
   * only the archive has: one at a time.
   */
  private final class Processes implements Iterator<ProcessInfo> {
    private final Iterator<ProcessInfo> heard = known.list();
    private final Iterator<ProcessInfo> archived = archive.processes();
    private final Set<Long> told = new HashSet<>();
    private @Nullable ProcessInfo ahead;

    @Override
    public boolean hasNext() {
      while (ahead == null && heard.hasNext()) {
        ProcessInfo process = heard.next();
        told.add(process.pid());
        ProcessInfo kept = archive.process(process.pid());
        ahead = kept == null ? process : kept;
      }
      while (ahead == null && archived.hasNext()) {
        ProcessInfo process = archived.next();
        ahead = told.contains(process.pid()) ? null : process;
      }
      return ahead != null;
    }

    @Override
    public ProcessInfo next() {
      ProcessInfo process = hasNext() ? ahead : null;
      if (process == null) {
        throw new NoSuchElementException();
      }
      ahead = null;
      return process;
    }
  }

  /** Refuses output that is lost, or was removed for its size: it must not read as empty. */
  private void checkOutput(String journal) {
    boolean process = journal.chars().allMatch(Character::isDigit);
    if (process) {
      ProcessInfo _ = process(Long.parseLong(journal));
    }
    if (process ? !archive.holds(journal) : !archive.exists()) {
      throw new SupervisorException.Refused(
          sandbox,
          RefusalCode.OUTPUT_LOST,
          "The output of "
              + journal
              + " in "
              + sandbox
              + " is no longer kept: it was lost with the"
              + " sandbox, or removed because the archive is full");
    }
  }

  private Answer.Finished finished(ProcessInfo process, int textBytes) {
    if (!archive.holds(Long.toString(process.pid()))) {
      return new Answer.Finished(process, null, null);
    }
    return new Answer.Finished(
        process,
        archive.first(process.pid(), StreamName.STDOUT, textBytes),
        archive.first(process.pid(), StreamName.STDERR, textBytes));
  }

  /**
   * Casts an answer: each request is answered with its own kind above, which the compiler cannot
   * see.
   */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <A extends Answer> A cast(Answer answer) {
    return (A) answer;
  }

  private SupervisorException.Refused refused() {
    return new SupervisorException.Refused(
        sandbox,
        RefusalCode.SANDBOX_ENDED,
        "Sandbox " + sandbox + " has ended; it can only be read");
  }

  @Override
  public void close() {
    // Nothing is held between two requests.
  }

  /** Answers that are there, or are read as they are asked for. */
  private static final class Listed<A extends Answer> implements Answers<A> {
    private final Iterator<? extends Answer> answers;
    private final List<AutoCloseable> held = new ArrayList<>();

    Listed(Iterator<? extends Answer> answers) {
      this.answers = answers;
      if (answers instanceof AutoCloseable closeable) {
        held.add(closeable);
      }
    }

    @Override
    public @Nullable A next() {
      return answers.hasNext() ? ArchivedSupervisor.<A>cast(answers.next()) : null;
    }

    @Override
    public void close() {
      for (AutoCloseable closeable : held) {
        try {
          closeable.close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
      held.clear();
    }
  }
}
