package dev.caisson.process;

import dev.caisson.error.CaissonException;
import dev.caisson.error.CommonErrorCode;
import dev.caisson.error.ErrorCode;
import dev.caisson.error.FieldError;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.RefusalCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An error that concerns a process. */
public abstract sealed class ProcessException extends CaissonException {

  private ProcessException(
      ErrorCode code, Map<String, ?> details, String message, @Nullable Throwable cause) {
    super(code, details, message, cause);
  }

  private ProcessException(FieldError field, @Nullable Throwable cause) {
    super(field, cause);
  }

  private static Map<String, ?> of(SandboxId sandbox, long pid) {
    return Map.of("sandbox", sandbox.value(), "pid", pid);
  }

  /** An unknown process: the sandbox never had it, or keeps no record of it any more. */
  public static final class NotFound extends ProcessException {
    /**
     * Creates an exception that names the process.
     *
     * @param process its pid, or the name of a daemon
     */
    public NotFound(SandboxId sandbox, String process, @Nullable Throwable cause) {
      super(
          ProcessErrorCode.PROCESS_NOT_FOUND,
          Map.of("sandbox", sandbox.value(), "process", process),
          "Sandbox " + sandbox + " has no process " + process + ", or its record is no longer kept",
          cause);
    }
  }

  /** A process that the system did not start. */
  public static final class NotStarted extends ProcessException {
    /** The code of the refusal. */
    public final RefusalCode reason;

    public NotStarted(SandboxId sandbox, List<String> command, SupervisorException.Refused no) {
      super(
          no.code(),
          Map.of("cause", "NOT_STARTED", "sandbox", sandbox.value(), "command", command),
          sentence(command.getFirst(), String.valueOf(no.getMessage()))
              + " ("
              + no.code().name()
              + ")",
          no);
      this.reason = no.reason;
    }

    /**
     * Joins name and reason; a supervisor's message mostly begins with the same words, which are
     * not repeated.
     */
    private static String sentence(String name, String why) {
      String start = "Cannot start " + name;
      if (why.startsWith("cannot start " + name + ": ")) {
        return "C" + why.substring(1);
      }
      return why.startsWith("cannot start in ")
          ? start + why.substring("cannot start".length())
          : start + ": " + why;
    }
  }

  /** An unknown signal. */
  public static final class BadSignal extends ProcessException {
    public BadSignal(String signal, @Nullable Throwable cause) {
      super(
          new FieldError(
              "signal", "must be a name such as TERM, or a number; there is no signal " + signal),
          cause);
    }
  }

  /** An operation on a process that has ended. */
  public static final class Ended extends ProcessException {
    public Ended(SandboxId sandbox, long pid, @Nullable Throwable cause) {
      super(
          ProcessErrorCode.PROCESS_ENDED,
          of(sandbox, pid),
          "Process " + pid + " has ended; its output can still be read",
          cause);
    }
  }

  /** An operation that the present state of the process, or of another one, does not allow. */
  public static final class Conflict extends ProcessException {
    /**
     * Creates an exception for a refusal of the supervisor.
     *
     * @param code {@code NAME_TAKEN}, {@code INPUT_CLOSED}, {@code INPUT_GAP} or {@code
     *     NO_TERMINAL}
     */
    public Conflict(SandboxId sandbox, ProcessErrorCode code, SupervisorException.Refused no) {
      super(code, Map.of("sandbox", sandbox.value()), String.valueOf(no.getMessage()), no);
    }
  }

  /** A process that does not read its input: not all that was sent has been taken. */
  public static final class InputFull extends ProcessException {
    /**
     * Creates an exception that says where to go on.
     *
     * @param bytes that the process was given since its start
     */
    public InputFull(SandboxId sandbox, long pid, long bytes) {
      super(
          ProcessErrorCode.INPUT_FULL,
          Map.of("sandbox", sandbox.value(), "pid", pid, "bytes", bytes),
          "Process " + pid + " does not read its input: continue at offset " + bytes,
          null);
    }
  }

  /** A second use of a start's key, for another request. */
  public static final class KeyReused extends ProcessException {
    public KeyReused(SandboxId sandbox, Throwable cause) {
      super(
          CommonErrorCode.IDEMPOTENCY_KEY_REUSED,
          Map.of("sandbox", sandbox.value()),
          "This Idempotency-Key was used for another request: use a new key for a new request",
          cause);
    }
  }

  /** A wait for a foreground process that was cut off; the process itself goes on. */
  public static final class CutOff extends ProcessException {
    public CutOff(SandboxId sandbox, long pid, @Nullable Throwable cause) {
      super(
          ProcessErrorCode.WAIT_CUT_OFF,
          of(sandbox, pid),
          "The wait for process "
              + pid
              + " was interrupted; the process keeps running, and its output can be read",
          cause);
    }
  }

  /** A range of bytes that the stream does not have, or has dropped. */
  public static final class NoSuchRange extends ProcessException {
    /** The number of bytes ever written. */
    public final long bytes;

    /**
     * Creates an exception that says which bytes there are.
     *
     * @param dropped the number of first bytes that are no longer kept
     */
    public NoSuchRange(long bytes, long dropped) {
      super(
          CommonErrorCode.NO_SUCH_RANGE,
          Map.of("bytes", bytes, "dropped", dropped),
          "The stream has "
              + bytes
              + " bytes, of which the first "
              + dropped
              + " are no longer kept",
          null);
      this.bytes = bytes;
    }
  }

  /**
   * A part of the request that makes no sense. The message never repeats a value that may be
   * secret.
   */
  public static final class Invalid extends ProcessException {
    /**
     * Creates an exception that says what is wrong.
     *
     * @param field of the body, such as {@code env.PATH}, or the name of a parameter
     */
    public Invalid(String field, String problem) {
      super(new FieldError(field, problem), null);
    }
  }
}
