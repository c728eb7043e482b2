package dev.caisson.supervisor.child;

import dev.caisson.supervisor.system.Identity;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors around a process that is being made: those it gets, and the supervisor's ends of
 * them.
 */
final class Stdio {
  private final LibC libc;

  /** The ends that the process gets; -1 for none. */
  private int childInput = -1;

  private int childStdout = -1;
  private int childStderr = -1;
  private int childStatus = -1;

  /** The ends that the supervisor keeps; -1 for none. */
  private int input = -1;

  private int stdout = -1;
  private int stderr = -1;
  private int status = -1;
  private @Nullable Pty pty;

  private Stdio(LibC libc) {
    this.libc = libc;
  }

  /** Opens all descriptors, or none. */
  static Stdio open(LibC libc, Launch launch) throws SystemException {
    Stdio stdio = new Stdio(libc);
    try {
      Request.Terminal terminal = launch.terminal();
      if (terminal != null) {
        Identity identity = launch.identity();
        stdio.use(Pty.open(libc, terminal, identity == null ? 0 : identity.uid()));
      } else {
        stdio.openPipes(launch.input() != Launch.InputKind.NONE);
      }
      if (launch.helped()) {
        LibC.Pipe report = libc.pipe();
        stdio.status = report.reading();
        stdio.childStatus = report.writing();
      }
      return stdio;
    } catch (SystemException e) {
      stdio.closeAll();
      throw e;
    }
  }

  private void use(Pty terminal) {
    pty = terminal;
    stdout = terminal.master();
    input = terminal.writing();
  }

  private void openPipes(boolean withInput) throws SystemException {
    LibC.Pipe out = libc.pipe();
    stdout = out.reading();
    childStdout = out.writing();
    libc.nonBlocking(stdout);
    LibC.Pipe err = libc.pipe();
    stderr = err.reading();
    childStderr = err.writing();
    libc.nonBlocking(stderr);
    if (withInput) {
      LibC.Pipe in = libc.pipe();
      childInput = in.reading();
      input = in.writing();
      libc.nonBlocking(input);
    }
  }

  int childInput() {
    return childInput;
  }

  int childStdout() {
    return childStdout;
  }

  int childStderr() {
    return childStderr;
  }

  int childStatus() {
    return childStatus;
  }

  int input() {
    return input;
  }

  int stdout() {
    return stdout;
  }

  int stderr() {
    return stderr;
  }

  int status() {
    return status;
  }

  @Nullable Pty pty() {
    return pty;
  }

  /**
   * Closes the ends that the process has, now that it has its own copies; not those it writes to,
   * which whoever reads them closes at its end: until then a pipe does not report that it is
   * silent, and wakes nobody but the reaper.
   */
  void closeChilds() {
    libc.close(childInput);
    libc.close(childStatus);
    childInput = -1;
    childStatus = -1;
  }

  void closeStatus() {
    libc.close(status);
    status = -1;
  }

  /** Closes all descriptors, since there is no process. */
  void closeAll() {
    closeChilds();
    closeStatus();
    libc.close(childStdout);
    libc.close(childStderr);
    libc.close(input);
    libc.close(stdout);
    libc.close(stderr);
    if (pty != null) {
      pty.letGo(libc);
    }
  }
}
