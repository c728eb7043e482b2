package dev.caisson.process;

import dev.caisson.sandbox.SandboxId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An error that concerns a process. */
public abstract sealed class ProcessException extends RuntimeException {

  private ProcessException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** An unknown process: the sandbox never had it, or keeps no record of it any more. */
  public static final class NotFound extends ProcessException {
    public final SandboxId sandbox;

    /** The pid, or the name of a daemon. */
    public final String process;

    public NotFound(SandboxId sandbox, String process, @Nullable Throwable cause) {
      super(
          "There is no process " + process + " in sandbox " + sandbox + ", or it is no longer kept",
          cause);
      this.sandbox = sandbox;
      this.process = process;
    }
  }

  /** A process that the system did not start. */
  public static final class NotStarted extends ProcessException {
    public final SandboxId sandbox;
    public final List<String> command;

    /** The system error's name, such as {@code ENOENT}, or {@code NO_SUCH_USER}. */
    public final String code;

    public NotStarted(
        SandboxId sandbox,
        List<String> command,
        String code,
        @Nullable String why,
        @Nullable Throwable cause) {
      super(sentence(command.getFirst(), String.valueOf(why)) + " (" + code + ")", cause);
      this.sandbox = sandbox;
      this.command = List.copyOf(command);
      this.code = code;
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
    public final String signal;

    public BadSignal(String signal, @Nullable Throwable cause) {
      super("There is no signal " + signal + ": use a name such as TERM, or a number", cause);
      this.signal = signal;
    }
  }

  /** An operation on a process that has ended. */
  public static final class Ended extends ProcessException {
    public final SandboxId sandbox;
    public final long pid;

    public Ended(SandboxId sandbox, long pid, @Nullable Throwable cause) {
      super("Process " + pid + " has ended; what it wrote can still be read", cause);
      this.sandbox = sandbox;
      this.pid = pid;
    }
  }

  /** An operation that the present state of the process, or of another one, does not allow. */
  public static final class Conflict extends ProcessException {
    public final SandboxId sandbox;

    /**
     * The reason: {@code NAME_TAKEN}, {@code INPUT_CLOSED}, {@code INPUT_GAP} or {@code
     * NO_TERMINAL}.
     */
    public final String code;

    public Conflict(SandboxId sandbox, String code, @Nullable String why, Throwable cause) {
      super(String.valueOf(why), cause);
      this.sandbox = sandbox;
      this.code = code;
    }
  }

  /** A process that does not read its input: not all that was sent has been taken. */
  public static final class InputFull extends ProcessException {
    public final SandboxId sandbox;
    public final long pid;

    /** The bytes the process was given since its start; the offset at which to go on. */
    public final long bytes;

    public InputFull(SandboxId sandbox, long pid, long bytes) {
      super("Process " + pid + " does not read its input: go on at offset " + bytes, null);
      this.sandbox = sandbox;
      this.pid = pid;
      this.bytes = bytes;
    }
  }

  /** A second use of a start's key, for another request. */
  public static final class KeyReused extends ProcessException {
    public final SandboxId sandbox;

    public KeyReused(SandboxId sandbox, Throwable cause) {
      super(
          "This Idempotency-Key was used for another request: take a new key for a new request",
          cause);
      this.sandbox = sandbox;
    }
  }

  /** A wait for a foreground process that was cut off; the process itself goes on. */
  public static final class CutOff extends ProcessException {
    public final SandboxId sandbox;
    public final long pid;

    public CutOff(SandboxId sandbox, long pid, @Nullable Throwable cause) {
      super("The wait for process " + pid + " was cut off; it goes on and can be read", cause);
      this.sandbox = sandbox;
      this.pid = pid;
    }
  }

  /** A range of bytes that the stream does not have, or has dropped. */
  public static final class NoSuchRange extends ProcessException {
    /** The number of bytes ever written. */
    public final long bytes;

    /** The number of first bytes that are no longer kept. */
    public final long dropped;

    public NoSuchRange(long bytes, long dropped) {
      super(
          "The stream has " + bytes + " bytes, of which the first " + dropped + " are dropped",
          null);
      this.bytes = bytes;
      this.dropped = dropped;
    }
  }

  /**
   * A part of the request that makes no sense. The message never repeats a value that may be
   * secret.
   */
  public static final class Invalid extends ProcessException {
    /** The field of the body, such as {@code env.PATH}, or the name of a parameter. */
    public final String field;

    public Invalid(String field, String problem) {
      super(problem, null);
      this.field = field;
    }
  }
}
