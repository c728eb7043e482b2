package dev.caisson.supervisor.system;

/** A failure of a system call. */
public final class SystemException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  public SystemException(String call, int errno) {
    super(call + ": " + Errno.text(errno));
    this.call = call;
    this.errno = errno;
  }

  /** Returns the call that failed. */
  public String call() {
    return call;
  }

  public int errno() {
    return errno;
  }

  /** Returns the error's name, such as {@code ENOENT}. */
  public String code() {
    return Errno.name(errno);
  }
}
