package dev.caisson.supervisor;

/** A system call said no. */
final class SystemException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  SystemException(String call, int errno) {
    super(call + ": " + Errno.text(errno));
    this.call = call;
    this.errno = errno;
  }

  /** What said no. */
  String call() {
    return call;
  }

  int errno() {
    return errno;
  }

  /** The error's name, such as {@code ENOENT}. */
  String code() {
    return Errno.name(errno);
  }
}
