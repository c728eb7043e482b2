package dev.caisson.supervisor.files;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.wire.RefusedException;
import java.util.Arrays;

/**
 * Where a file is to be written: a directory that is open, and a name in it. Links are followed one
 * by one from directories that are open, so that each is read as the kernel reads it.
 */
final class Destination implements AutoCloseable {
  /** As many as the kernel follows. */
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

  /** What was asked for; or, where links are followed, what the last of them leads to. */
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

  /** Another name in the same directory. */
  FilePlace beside(byte[] name) {
    return new FilePlace(directory, name, place.path());
  }

  /** Whether a link led here: what is there already must be a plain file then. */
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
      if (e.is("ENOENT")) {
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

  /** Goes into the directory that a link's target is in; an absolute one begins at the root. */
  private void enter(byte[] above) throws RefusedException {
    byte[] path = above[0] == '/' ? above : here().below(above).path();
    int next = calls.openParent(new FilePlace(directory, above, path));
    calls.close(directory);
    directory = next;
  }

  /** The open directory, by the path that it has now. */
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
