package dev.caisson.process;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Request;

/** The meaning of a supervisor's refusals for processes; others are thrown on unchanged. */
final class Refusals {
  private Refusals() {}

  static RuntimeException of(SandboxId id, String journal, SupervisorException.Refused no) {
    return no.code.equals("NO_SUCH_PROCESS") ? new ProcessException.NotFound(id, journal, no) : no;
  }

  static RuntimeException ofStart(
      SandboxId id, Request.Start start, SupervisorException.Refused no) {
    return switch (no.code) {
      case "NAME_TAKEN" -> new ProcessException.Conflict(id, no.code, no.getMessage(), no);
      case "KEY_REUSED" -> new ProcessException.KeyReused(id, no);
      case String code when isSystemError(code) || code.equals("NO_SUCH_USER") ->
          new ProcessException.NotStarted(id, start.command(), code, no.getMessage(), no);
      default -> no;
    };
  }

  static RuntimeException ofInput(SandboxId id, long pid, SupervisorException.Refused no) {
    return switch (no.code) {
      case "INPUT_CLOSED", "INPUT_GAP" ->
          new ProcessException.Conflict(id, no.code, no.getMessage(), no);
      case "ENOTTY" -> new ProcessException.Conflict(id, "NO_TERMINAL", no.getMessage(), no);
      case "ESRCH" -> new ProcessException.Ended(id, pid, no);
      default -> of(id, Long.toString(pid), no);
    };
  }

  static RuntimeException ofSignal(
      SandboxId id, long pid, String signal, SupervisorException.Refused no) {
    return switch (no.code) {
      case "EINVAL" -> new ProcessException.BadSignal(signal, no);
      case "ESRCH" -> new ProcessException.Ended(id, pid, no);
      default -> of(id, Long.toString(pid), no);
    };
  }

  private static boolean isSystemError(String code) {
    return code.matches("E[A-Z0-9]{2,}");
  }
}
