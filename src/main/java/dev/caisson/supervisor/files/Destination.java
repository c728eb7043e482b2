package dev.caisson.supervisor.files;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.util.Arrays;

/**
 * The place where a file is to be written: a directory that is open, and a name in it. Links are
 * followed one by one from directories that are open, so that each is read as the kernel reads it.
 */
final class Destination implements AutoCloseable {
  /** The most links that are followed in a row, as many as the kernel follows. */
  private static final int MOST_LINKS = 40;

  private static final byte[] ROOT = {'/'};

  private final FileCalls calls;
  private int directory;
  private FilePlace place;
  private boolean followed;

  private Destination(FileCalls calls, FilePlace asked) throws RefusedException {
    this.calls = calls;
    this.directory = calls.openParent(asked.parent());
    this.place = new FilePlace(directory, asked.last(), asked.path());
  }

  /**
   * Opens the destination that was asked for; or, where links are followed, the one to which the
   * last of them leads.
   */
  static Destination of(FileCalls calls, FilePlace asked, boolean follow) throws RefusedException {
    Destination destination = new Destination(calls, asked);
    if (follow) {
      try {
        destination.follow();
      } catch (RefusedException e) {
        destination.close();
        throw e;
      }
    }
    return destination;
  }

  FilePlace place() {
    return place;
  }

  /** Returns another name in the same directory. */
  FilePlace beside(byte[] name) {
    return new FilePlace(directory, name, place.path());
  }

  /** Returns whether a link led here: a file that is there already must be a plain one then. */
  boolean followed() {
    return followed;
  }

  private void follow() throws RefusedException {
    FilePlace first = place;
    for (int links = 0; isLink(); links++) {
      if (links == MOST_LINKS) {
        throw FileCalls.refused(first, Errno.ELOOP);
      }
      step(calls.target(place));
      followed = true;
    }
  }

  private boolean isLink() throws RefusedException {
    try {
      return calls.stat(place, false).isLink();
    } catch (RefusedException e) {
      if (e.is(RefusalCode.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private void step(byte[] target) throws RefusedException {
    int slash = target.length - 1;
    while (slash >= 0 && target[slash] != '/') {
      slash--;
    }
    byte[] name = Arrays.copyOfRange(target, slash + 1, target.length);
    if (name.length == 0 || FileCalls.isDots(name)) {
      throw FileCalls.refused(place, Errno.EISDIR);
    }
    if (slash >= 0) {
      enter(slash == 0 ? ROOT : Arrays.copyOf(target, slash));
    }
    place = new FilePlace(directory, name, here().below(name).path());
  }

  /** Enters the directory of a link's target; an absolute one begins at the root. */
  private void enter(byte[] above) throws RefusedException {
    byte[] path = above[0] == '/' ? above : here().below(above).path();
    int next = calls.openParent(new FilePlace(directory, above, path));
    calls.close(directory);
    directory = next;
  }

  /** Returns the open directory, by the path that it has now. */
  private FilePlace here() throws RefusedException {
    byte[] self = FileCalls.self(directory);
    byte[] path = calls.target(new FilePlace(FileCalls.WORKING_DIRECTORY, self, self));
    return new FilePlace(FileCalls.WORKING_DIRECTORY, path, path);
  }

  @Override
  public void close() {
    calls.close(directory);
  }
}
