package dev.caisson.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What ends a command before it has done what it was asked for. */
abstract sealed class CliException extends RuntimeException {

  private CliException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Nobody answers there. */
  static final class NotReached extends CliException {
    NotReached(URI url, Throwable cause) {
      super(
          "nothing answers at "
              + url
              + (cause.getMessage() == null ? "" : ": " + cause.getMessage())
              + "\n  CAISSON_URL says where the service is; caisson doctor looks closer",
          cause);
    }
  }

  /** There is no key to come with. */
  static final class NoKey extends CliException {
    NoKey(URI url) {
      super(
          "there is no key for " + url + "\n  Set CAISSON_KEY, or: caisson login <admin.key", null);
    }
  }

  /** The service said no. */
  static final class Refused extends CliException {
    final Problem problem;

    Refused(Problem problem) {
      super(problem.text(), null);
      this.problem = problem;
    }
  }

  /** What was asked for makes no sense. */
  static final class Usage extends CliException {
    Usage(String message) {
      super(message, null);
    }
  }

  /** Something on this machine did not work. */
  static final class Failed extends CliException {
    Failed(String message) {
      super(message, null);
    }

    Failed(String message, Throwable cause) {
      super(
          message
              + ": "
              + (cause.getMessage() == null
                  ? cause.getClass().getSimpleName()
                  : cause.getMessage()),
          cause);
    }
  }

  /** How the program ends by it. */
  int exitCode() {
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
      return switch (problem.code()) {
        case "ENOENT" -> ExitCode.NO_COMMAND;
        case "EACCES", "ENOEXEC", "EISDIR" -> ExitCode.NOT_EXECUTABLE;
        default -> ExitCode.REFUSED;
      };
    }
    return ExitCode.REFUSED;
  }
}
