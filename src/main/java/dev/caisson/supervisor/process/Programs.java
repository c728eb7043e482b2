package dev.caisson.supervisor.process;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;

/** A search for the program that a command names, as the shell would, on the process's own PATH. */
final class Programs {
  private final LibC libc = new LibC();

  /**
   * Returns the path of the program; a relative one with a slash stays relative to the directory.
   */
  String find(String name, String path, String cwd) throws RefusedException {
    if (name.isEmpty() || name.contains("\0")) {
      throw new RefusedException(RefusalCode.ENOENT, "the command is empty");
    }
    if (name.contains("/")) {
      check(name, absolute(name, cwd));
      return name;
    }
    boolean denied = false;
    for (String directory : path.split(":", -1)) {
      String candidate = absolute(directory.isEmpty() ? name : directory + "/" + name, cwd);
      int error = libc.access(candidate, true);
      if (error == 0 && !directory(candidate)) {
        return candidate;
      }
      denied |= error == Errno.EACCES;
    }
    throw denied
        ? refused(name, Errno.EACCES)
        : new RefusedException(
            RefusalCode.ENOENT, "cannot start " + name + ": it is not found on its PATH");
  }

  private void check(String name, String path) throws RefusedException {
    int error = libc.access(path, true);
    if (error != 0) {
      throw refused(name, error);
    }
    if (directory(path)) {
      throw new RefusedException(
          RefusalCode.EACCES, "cannot start " + name + ": it is a directory");
    }
  }

  /** Refuses a command that the system has refused although its program was found. */
  static RefusedException refused(String name, String program, String cwd, int error) {
    if (error == Errno.ENOENT && new LibC().access(absolute(program, cwd), false) == 0) {
      return new RefusedException(
          RefusalCode.ENOENT,
          "cannot start " + name + ": its interpreter or loader does not exist");
    }
    return refused(name, error);
  }

  /** Checks a working directory. */
  void checkDirectory(String cwd) throws RefusedException {
    int error = cwd.contains("\0") ? Errno.ENOENT : libc.access(cwd + "/.", true);
    if (error != 0) {
      throw new RefusedException(
          Errno.name(error), "cannot start in the directory " + cwd + ": " + Errno.text(error));
    }
  }

  private boolean directory(String path) {
    return libc.access(path + "/.", false) == 0;
  }

  static String absolute(String path, String cwd) {
    return path.startsWith("/") ? path : cwd + "/" + path;
  }

  private static RefusedException refused(String name, int error) {
    return new RefusedException(
        Errno.name(error), "cannot start " + name + ": " + Errno.text(error));
  }
}
