package dev.caisson.sandbox;

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
 * Listens to a supervisor for as long as the connection holds, and hands on what it tells; first,
 * what became of its processes while nobody listened.
 */
final class SandboxWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SandboxWatch.class);

  private final SandboxId id;
  private final Supervisor supervisor;
  private final Consumer<DaemonStatus> daemon;
  private final Consumer<ProcessInfo> process;
  private volatile boolean closed;
  private volatile @Nullable Answers<Answer> open;

  SandboxWatch(
      SandboxId id,
      Supervisor supervisor,
      Consumer<DaemonStatus> daemon,
      Consumer<ProcessInfo> process) {
    this.id = id;
    this.supervisor = supervisor;
    this.daemon = daemon;
    this.process = process;
  }

  /** Listens in a thread of its own, which runs this when the connection is lost. */
  void start(Runnable lost) {
    Thread.ofVirtual()
        .name("watch-" + id)
        .start(() -> {
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
          } catch (SupervisorException e) {
            log.atDebug()
                .addKeyValue("sandbox", id)
                .addKeyValue("error", e.getMessage())
                .log("watch ended");
          }
          if (!closed) {
            lost.run();
          }
        });
  }

  /** Listens no longer. */
  @Override
  public void close() {
    closed = true;
    Answers<Answer> answers = open;
    if (answers != null) {
      answers.close();
    }
  }

  private void list() {
    try (Answers<ProcessInfo> answers = supervisor.open(new Request.ListProcesses())) {
      for (ProcessInfo each = answers.next(); each != null; each = answers.next()) {
        process.accept(each);
      }
    }
  }

  private void tell(Answer answer) {
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
