package dev.caisson.supervisor.process;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox's configuration: set once by the service, and changed at most once, when the sandbox
 * is claimed.
 */
public final class Configuration {
  private Request.@Nullable Configure heard;
  private boolean claimed;

  /**
   * Accepts the configuration if it is the first, or equal to the first; returns whether it was the
   * first.
   */
  public synchronized boolean accept(Request.Configure configure) throws RefusedException {
    if (heard == null) {
      makeDirectory(configure.workdir());
      heard = configure;
      return true;
    }
    if (!heard.equals(configure)) {
      throw new RefusedException(
          RefusalCode.EEXIST, "the sandbox is already configured differently");
    }
    return false;
  }

  /** Takes over what the claim of the sandbox asks for. */
  public synchronized void claim(Request.Claim claim) throws RefusedException {
    Request.Configure before = get();
    if (claimed) {
      throw new RefusedException(RefusalCode.EEXIST, "the sandbox is already claimed");
    }
    if (!claim.workdir().equals(before.workdir())) {
      makeDirectory(claim.workdir());
    }
    claimed = true;
    heard = new Request.Configure(claim.env(), claim.workdir(), before.user(), before.docker());
  }

  public synchronized boolean isSet() {
    return heard != null;
  }

  public synchronized Request.Configure get() throws RefusedException {
    if (heard == null) {
      throw new RefusedException(
          RefusalCode.NOT_CONFIGURED, "the sandbox has not been configured yet");
    }
    return heard;
  }

  /** Refuses where nothing has been configured yet. */
  public void require() throws RefusedException {
    get();
  }

  private static void makeDirectory(String path) throws RefusedException {
    LibC libc = new LibC();
    if (!path.startsWith("/") || path.contains("\0")) {
      throw new RefusedException(
          RefusalCode.EINVAL, "the working directory " + path + " is not absolute");
    }
    for (int slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      libc.makeDirectory(path.substring(0, slash));
    }
    libc.makeDirectory(path);
    int error = libc.access(path + "/.", true);
    if (error != 0) {
      throw new RefusedException(
          Errno.name(error),
          "cannot make the working directory " + path + ": " + Errno.text(error));
    }
  }
}
