package dev.caisson.lifecycle;

import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An observation of a sandbox, or a request for it; read by its one writer. */
sealed interface ReconcilerEvent {

  /** A request to end the sandbox. */
  record End(EndReason reason, @Nullable String detail, Duration grace)
      implements ReconcilerEvent {}

  /** A report that the sandbox's container has ended. */
  record Died() implements ReconcilerEvent {}

  /** The loss of the connection to the sandbox's supervisor. */
  record LinkLost() implements ReconcilerEvent {}

  /** A status of the sandbox's daemon, as its supervisor reports it. */
  record Daemon(DaemonStatus status) implements ReconcilerEvent {}

  /** The state of a process, as the sandbox's supervisor reports it. */
  record Moved(ProcessInfo process) implements ReconcilerEvent {}

  /** A caller's request to change a part of the sandbox's spec. */
  record Respecify(UnaryOperator<SandboxSpec> change, AtomicBoolean done)
      implements ReconcilerEvent {}

  /** Returns a word for the event in metrics and logs. */
  default String word() {
    return switch (this) {
      case End _ -> "end";
      case Died _ -> "died";
      case LinkLost _ -> "link";
      case Daemon _ -> "daemon";
      case Moved _ -> "process";
      case Respecify _ -> "change";
    };
  }
}
