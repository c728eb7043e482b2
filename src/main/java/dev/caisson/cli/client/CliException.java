package dev.caisson.cli.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** An error that ends a command before it is done. */
public abstract sealed class CliException extends RuntimeException {

  private CliException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** A service that does not answer at its address. */
  public static final class NotReached extends CliException {
    NotReached(URI url, Throwable cause) {
      super(
          "nothing answers at "
              + url
              + (cause.getMessage() == null ? "" : ": " + cause.getMessage())
              + "\n  Set CAISSON_URL to the address of the service; caisson doctor finds out more",
          cause);
    }
  }

  /** A lack of a key for the service. */
  static final class NoKey extends CliException {
    NoKey(URI url) {
      super(
          "there is no key for " + url + "\n  Set CAISSON_KEY, or: caisson login <admin.key", null);
    }
  }

  /** A refusal by the service. */
  public static final class Refused extends CliException {
    public final Problem problem;

    Refused(Problem problem) {
      super(problem.text(), null);
      this.problem = problem;
    }
  }

  /** A command line that makes no sense. */
  public static final class Usage extends CliException {
    public Usage(String message) {
      super(message, null);
    }
  }

  /** A failure on this machine. */
  public static final class Failed extends CliException {
    public Failed(String message) {
      super(message, null);
    }

    public Failed(String message, Throwable cause) {
      super(
          message
              + ": "
              + (cause.getMessage() == null
                  ? cause.getClass().getSimpleName()
                  : cause.getMessage()),
          cause);
    }
  }

  /** Returns the exit code of the program after this error. */
  public int exitCode() {
    return switch (this) {
      case NotReached _ -> ExitCode.NOT_REACHED;
      case NoKey _ -> ExitCode.NO_KEY;
      case Usage _ -> ExitCode.USAGE;
      case Failed _ -> ExitCode.REFUSED;
      case Refused refused -> refusal(refused.problem);
    };
  }

  private static int refusal(Problem problem) {
    if (problem.status() == 401) {
      return ExitCode.NO_KEY;
    }
    if (Json.text(problem.body(), "cause").equals("NOT_STARTED")) {
      return switch (problem.known()) {
        case ENOENT -> ExitCode.NO_COMMAND;
        case EACCES, ENOEXEC, EISDIR -> ExitCode.NOT_EXECUTABLE;
        default -> ExitCode.REFUSED;
      };
    }
    return ExitCode.REFUSED;
  }
}
