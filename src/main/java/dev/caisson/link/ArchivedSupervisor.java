package dev.caisson.link;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers what can be read of a sandbox that has ended, from its archived journals, in the words
 * its supervisor would have used; refuses the rest.
 */
final class ArchivedSupervisor implements Supervisor {
  private final SandboxId sandbox;
  private final ProcessArchive archive;

  ArchivedSupervisor(SandboxId sandbox, Path processes) {
    this.sandbox = sandbox;
    this.archive = new ProcessArchive(sandbox, processes);
  }

  @Override
  public <A extends Answer> A ask(Request<A> request) {
    return SupervisorLink.cast(
        switch (request) {
          case Request.Describe describe -> archive.process(describe.pid());
          case Request.Await await -> finished(archive.process(await.pid()), await.textBytes());
          case Request.End end -> archive.process(end.pid());
          default -> throw refused();
        });
  }

  @Override
  public <A extends Answer> Answers<A> open(Request.Stream<A> request) {
    return new Listed<>(
        switch (request) {
          case Request.ListProcesses _ -> List.<Answer>copyOf(archive.processes()).iterator();
          case Request.Follow follow -> archive.follow(follow);
          case Request.Read read -> archive.read(read);
          case Request.Run _, Request.Watch _, FileRequest.Streamed<?> _ -> throw refused();
        });
  }

  @Override
  public <A extends Answer> A send(FileRequest.Upload<A> request, InputStream content) {
    throw refused();
  }

  private Answer.Finished finished(ProcessInfo process, int textBytes) {
    return new Answer.Finished(
        process,
        archive.first(process.pid(), dev.caisson.supervisor.wire.StreamName.STDOUT, textBytes),
        archive.first(process.pid(), dev.caisson.supervisor.wire.StreamName.STDERR, textBytes));
  }

  private SupervisorException.Refused refused() {
    return new SupervisorException.Refused(
        sandbox, "SANDBOX_ENDED", "Sandbox " + sandbox + " has ended: it can only be read");
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
      return answers.hasNext() ? SupervisorLink.<A>cast(answers.next()) : null;
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
