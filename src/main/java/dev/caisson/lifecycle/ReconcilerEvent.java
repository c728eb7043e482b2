package dev.caisson.lifecycle;

import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What somebody saw of a sandbox, or wants of it; read by its one writer. */
sealed interface ReconcilerEvent {

  /** Somebody or something wants its end. */
  record End(EndReason reason, @Nullable String detail, Duration grace)
      implements ReconcilerEvent {}

  /** Its container is said to have ended. */
  record Died() implements ReconcilerEvent {}

  /** The connection to its supervisor broke. */
  record LinkLost() implements ReconcilerEvent {}

  /** Its supervisor told of its daemon. */
  record Daemon(DaemonStatus status) implements ReconcilerEvent {}

  /** Its supervisor told of a process. */
  record Moved(ProcessInfo process) implements ReconcilerEvent {}

  /** A caller wants a part of what was asked for to be another. */
  record Respecify(UnaryOperator<SandboxSpec> change, AtomicBoolean done)
      implements ReconcilerEvent {}

  /** A word for it in metrics and logs. */
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
