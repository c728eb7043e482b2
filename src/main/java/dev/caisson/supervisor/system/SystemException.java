package dev.caisson.supervisor.system;

/** A system call said no. */
public final class SystemException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  public SystemException(String call, int errno) {
    super(call + ": " + Errno.text(errno));
    this.call = call;
    this.errno = errno;
  }

  /** What said no. */
  public String call() {
    return call;
  }

  public int errno() {
    return errno;
  }

  /** The error's name, such as {@code ENOENT}. */
  public String code() {
    return Errno.name(errno);
  }
}
