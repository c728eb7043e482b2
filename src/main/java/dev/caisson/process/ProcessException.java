package dev.caisson.process;

import dev.caisson.sandbox.SandboxId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can go wrong with a process. */
public abstract sealed class ProcessException extends RuntimeException {

  private ProcessException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The sandbox knows no such process, or keeps no record of it any more. */
  public static final class NotFound extends ProcessException {
    public final SandboxId sandbox;

    /** A pid, or the name of a daemon. */
    public final String process;

    public NotFound(SandboxId sandbox, String process, @Nullable Throwable cause) {
      super(
          "There is no process " + process + " in sandbox " + sandbox + ", or it is no longer kept",
          cause);
      this.sandbox = sandbox;
      this.process = process;
    }
  }

  /** The system did not start it. */
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

    /** What a supervisor says begins with the same words, mostly: they are not said twice. */
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

  /** There is no signal of this name. */
  public static final class BadSignal extends ProcessException {
    public final String signal;

    public BadSignal(String signal, @Nullable Throwable cause) {
      super("There is no signal " + signal + ": use a name such as TERM, or a number", cause);
      this.signal = signal;
    }
  }

  /** It has ended, so this cannot be done to it. */
  public static final class Ended extends ProcessException {
    public final SandboxId sandbox;
    public final long pid;

    public Ended(SandboxId sandbox, long pid, @Nullable Throwable cause) {
      super("Process " + pid + " has ended; what it wrote can still be read", cause);
      this.sandbox = sandbox;
      this.pid = pid;
    }
  }

  /** It does not stand so that this could be done to it. */
  public static final class Conflict extends ProcessException {
    public final SandboxId sandbox;

    /** {@code NAME_TAKEN}, {@code INPUT_CLOSED}, {@code INPUT_GAP} or {@code NO_TERMINAL}. */
    public final String code;

    public Conflict(SandboxId sandbox, String code, @Nullable String why, Throwable cause) {
      super(String.valueOf(why), cause);
      this.sandbox = sandbox;
      this.code = code;
    }
  }

  /** It does not read its input: not all that was sent has been taken. */
  public static final class InputFull extends ProcessException {
    public final SandboxId sandbox;
    public final long pid;

    /** What it was given since its start; where to go on. */
    public final long bytes;

    public InputFull(SandboxId sandbox, long pid, long bytes) {
      super("Process " + pid + " does not read its input: go on at offset " + bytes, null);
      this.sandbox = sandbox;
      this.pid = pid;
      this.bytes = bytes;
    }
  }

  /** The key of a start was used for another one. */
  public static final class KeyReused extends ProcessException {
    public final SandboxId sandbox;

    public KeyReused(SandboxId sandbox, Throwable cause) {
      super(
          "This Idempotency-Key was used for another request: take a new key for a new request",
          cause);
      this.sandbox = sandbox;
    }
  }

  /** The wait for a foreground process was cut off; the process itself goes on. */
  public static final class CutOff extends ProcessException {
    public final SandboxId sandbox;
    public final long pid;

    public CutOff(SandboxId sandbox, long pid, @Nullable Throwable cause) {
      super("The wait for process " + pid + " was cut off; it goes on and can be read", cause);
      this.sandbox = sandbox;
      this.pid = pid;
    }
  }

  /** The stream has no such range of bytes, or has dropped it. */
  public static final class NoSuchRange extends ProcessException {
    /** How many bytes were ever written. */
    public final long bytes;

    /** How many of the first ones are no longer kept. */
    public final long dropped;

    public NoSuchRange(long bytes, long dropped) {
      super(
          "The stream has " + bytes + " bytes, of which the first " + dropped + " are dropped",
          null);
      this.bytes = bytes;
      this.dropped = dropped;
    }
  }

  /** A part of the request makes no sense. The message never repeats a value that may be secret. */
  public static final class Invalid extends ProcessException {
    /** A field of the body, such as {@code env.PATH}, or the name of a parameter. */
    public final String field;

    public Invalid(String field, String problem) {
      super(problem, null);
      this.field = field;
    }
  }
}
