package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What somebody saw of a sandbox, or wants of it; read by its one writer. */
sealed interface Mark {

  /** Somebody or something wants its end. */
  record End(EndReason reason, @Nullable String detail, Duration grace) implements Mark {}

  /** Its container is said to have ended. */
  record Died() implements Mark {}

  /** The connection to its supervisor broke. */
  record LinkLost() implements Mark {}

  /** Its supervisor told of its daemon. */
  record Daemon(DaemonStatus status) implements Mark {}

  /** Its supervisor told of a process. */
  record Moved(ProcessInfo process) implements Mark {}

  /** A caller wants a part of what was asked for to be another. */
  record Respecify(UnaryOperator<SandboxSpec> change, AtomicBoolean done) implements Mark {}

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
