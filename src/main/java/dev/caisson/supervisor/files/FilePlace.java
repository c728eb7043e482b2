package dev.caisson.supervisor.files;

import dev.caisson.supervisor.wire.PathText;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The place of a file: its name in a directory that is open, so that a rename of directories
 * meanwhile does not lead the supervisor elsewhere. Names are bytes, as they are to the kernel.
 *
 * @param directory a descriptor, or {@link FileCalls#WORKING_DIRECTORY} where the name is a whole
 *     path
 * @param path all of it, to be shown
 */
public record FilePlace(int directory, byte[] name, byte[] path) {
  private static final byte[] ROOT = {'/'};

  /** Returns the place of a path as a peer gives it: absolute; slashes too many are dropped. */
  public static FilePlace of(String path) throws RefusedException {
    if (!path.startsWith("/")) {
      throw new RefusedException(RefusalCode.EINVAL, "\"" + path + "\" is not an absolute path");
    }
    if (path.indexOf('\0') >= 0) {
      throw new RefusedException(RefusalCode.EINVAL, "a path cannot contain a NUL byte");
    }
    byte[] given = PathText.bytes(path);
    byte[] kept = new byte[given.length];
    int length = 0;
    for (byte b : given) {
      if (b != '/' || length == 0 || kept[length - 1] != '/') {
        kept[length++] = b;
      }
    }
    if (length > 1 && kept[length - 1] == '/') {
      length--;
    }
    return whole(Arrays.copyOf(kept, length));
  }

  private static FilePlace whole(byte[] path) {
    return new FilePlace(FileCalls.WORKING_DIRECTORY, path, path);
  }

  /** Returns the place of a name in this directory, which is open. */
  FilePlace child(int descriptor, byte[] name) {
    return new FilePlace(descriptor, name, join(path, name));
  }

  /** Returns a place below this one, by its whole path. */
  FilePlace below(byte[] relative) {
    return relative.length == 0 ? whole(path) : whole(join(path, relative));
  }

  /** Returns the directory that contains this place. */
  FilePlace parent() {
    int slash = slash();
    return whole(slash == 0 ? ROOT : Arrays.copyOf(path, slash));
  }

  /** Returns the name in that directory; empty for the root. */
  byte[] last() {
    return Arrays.copyOfRange(path, slash() + 1, path.length);
  }

  /**
   * Refuses a place without a name that could be given or taken: the root, {@code .} and {@code
   * ..}.
   */
  void requireName() throws RefusedException {
    String last = new String(last(), StandardCharsets.ISO_8859_1);
    if (last.isEmpty()) {
      throw new RefusedException(RefusalCode.EBUSY, "/: the root of the sandbox is in use");
    }
    if (last.equals(".") || last.equals("..")) {
      throw new RefusedException(RefusalCode.EINVAL, this + ": does not end with a name");
    }
  }

  /** Returns the path of this place as seen from one above it. */
  byte[] from(FilePlace above) {
    int skip = above.path.length == 1 ? 1 : above.path.length + 1;
    return skip >= path.length ? new byte[0] : Arrays.copyOfRange(path, skip, path.length);
  }

  private int slash() {
    int slash = path.length - 1;
    while (path[slash] != '/') {
      slash--;
    }
    return slash;
  }

  private static byte[] join(byte[] path, byte[] name) {
    int length = path.length == 1 ? 0 : path.length;
    byte[] joined = Arrays.copyOf(path, length + 1 + name.length);
    joined[length] = '/';
    System.arraycopy(name, 0, joined, length + 1, name.length);
    return joined;
  }

  /** Returns the path for a peer, who may name the place by this text. */
  String text() {
    return PathText.of(path);
  }

  /** Returns the path for people; bytes that are no UTF-8 read as U+FFFD. */
  @Override
  public String toString() {
    return new String(path, StandardCharsets.UTF_8);
  }
}
