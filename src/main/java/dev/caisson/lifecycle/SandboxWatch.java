package dev.caisson.lifecycle;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener to a supervisor for as long as the connection holds, which hands on what that reports;
 * first, what became of its processes while no watch was open.
 */
final class SandboxWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SandboxWatch.class);

  private final SandboxId id;
  private final Supervisor supervisor;
  private final Consumer<DaemonStatus> daemon;
  private final Processes process;
  private volatile boolean closed;
  private volatile @Nullable Answers<Answer> open;

  /** A receiver of the processes that the supervisor reports. */
  @FunctionalInterface
  interface Processes {
    /** Takes a process; returns when there is room for the next. */
    void accept(ProcessInfo process) throws InterruptedException;
  }

  SandboxWatch(
      SandboxId id, Supervisor supervisor, Consumer<DaemonStatus> daemon, Processes process) {
    this.id = id;
    this.supervisor = supervisor;
    this.daemon = daemon;
    this.process = process;
  }

  /**
   * Listens in a thread of its own, which runs {@code over} when it no longer listens, unless the
   * watch was closed.
   *
   * @param over receives why nothing that the supervisor says is believed any more; null where the
   *     connection was lost, no more
   */
  void start(Consumer<@Nullable String> over) {
    Thread.ofVirtual()
        .name("watch-" + id)
        .start(() -> {
          String untrusted = listen();
          if (!closed) {
            over.accept(untrusted);
          }
        });
  }

  private @Nullable String listen() {
    try (Answers<Answer> answers = supervisor.open(new Request.Watch())) {
      open = answers;
      boolean listed = false;
      for (Answer answer = answers.next(); answer != null; answer = answers.next()) {
        tell(answer);
        if (!listed) {
          // From its first word on the watch is in force: nothing falls between.
          list();
          listed = true;
        }
      }
      return null;
    } catch (SupervisorException.Untrusted e) {
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("what a supervisor says is not believed any more");
      return String.valueOf(e.getMessage());
    } catch (SupervisorException e) {
      log.atDebug()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("watch ended");
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (RuntimeException | Error e) {
      // Whatever it said, it was nothing that a supervisor says.
      log.atError().addKeyValue("sandbox", id).setCause(e).log("a watch failed");
      return "what it said could not be used (" + e.getClass().getSimpleName() + ")";
    }
  }

  /** Ends the listening. */
  @Override
  public void close() {
    closed = true;
    Answers<Answer> answers = open;
    if (answers != null) {
      answers.close();
    }
  }

  private void list() throws InterruptedException {
    try (Answers<ProcessInfo> answers = supervisor.open(new Request.ListProcesses())) {
      for (ProcessInfo each = answers.next(); each != null; each = answers.next()) {
        process.accept(each);
      }
    }
  }

  private void tell(Answer answer) throws InterruptedException {
    switch (answer) {
      case DaemonStatus status -> daemon.accept(status);
      case ProcessInfo moved -> process.accept(moved);
      case Answer.ProbeFailed(String error) ->
          log.atDebug()
              .addKeyValue("sandbox", id)
              .addKeyValue("error", error)
              .log("failed to execute socket check");
      case Answer.Simple _, FileInfo _ -> {
        // A newer supervisor may tell more than is known here.
      }
    }
  }
}
