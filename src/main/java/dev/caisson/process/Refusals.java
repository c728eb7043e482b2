package dev.caisson.process;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.Request;

/** The meaning of a supervisor's refusals for processes; others are thrown on unchanged. */
final class Refusals {
  private Refusals() {}

  static RuntimeException of(SandboxId id, String journal, SupervisorException.Refused no) {
    return no.reason == RefusalCode.NO_SUCH_PROCESS
        ? new ProcessException.NotFound(id, journal, no)
        : no;
  }

  static RuntimeException ofStart(
      SandboxId id, Request.Start start, SupervisorException.Refused no) {
    return switch (no.reason) {
      case NAME_TAKEN -> new ProcessException.Conflict(id, ProcessErrorCode.NAME_TAKEN, no);
      case KEY_REUSED -> new ProcessException.KeyReused(id, no);
      case RefusalCode reason when reason.isSystemError() || reason == RefusalCode.NO_SUCH_USER ->
          new ProcessException.NotStarted(id, start.command(), no);
      default -> no;
    };
  }

  static RuntimeException ofInput(SandboxId id, long pid, SupervisorException.Refused no) {
    return switch (no.reason) {
      case INPUT_CLOSED -> new ProcessException.Conflict(id, ProcessErrorCode.INPUT_CLOSED, no);
      case INPUT_GAP -> new ProcessException.Conflict(id, ProcessErrorCode.INPUT_GAP, no);
      case ENOTTY -> new ProcessException.Conflict(id, ProcessErrorCode.NO_TERMINAL, no);
      case ESRCH -> new ProcessException.Ended(id, pid, no);
      default -> of(id, Long.toString(pid), no);
    };
  }

  static RuntimeException ofSignal(
      SandboxId id, long pid, String signal, SupervisorException.Refused no) {
    return switch (no.reason) {
      case EINVAL -> new ProcessException.BadSignal(signal, no);
      case ESRCH -> new ProcessException.Ended(id, pid, no);
      default -> of(id, Long.toString(pid), no);
    };
  }
}
