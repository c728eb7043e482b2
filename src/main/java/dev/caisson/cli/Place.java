package dev.caisson.cli;

import org.jspecify.annotations.Nullable;

/**
 * Where something is copied from or to: {@code SANDBOX:/path}, or a path here.
 *
 * @param sandbox null: here
 */
record Place(@Nullable String sandbox, String path) {

  static Place parse(String word) {
    int colon = word.indexOf(':');
    // As scp: what has a slash before its colon is a path here.
    if (colon < 1 || word.substring(0, colon).contains("/")) {
      return new Place(null, word);
    }
    String path = word.substring(colon + 1);
    if (!path.startsWith("/")) {
      throw new CliException.Usage("a path in a sandbox is absolute: '" + word + "'");
    }
    return new Place(word.substring(0, colon), path);
  }

  /** The last name of the path. */
  String name() {
    String bare = path.replaceAll("/+$", "");
    return bare.substring(bare.lastIndexOf('/') + 1);
  }

  /** Whether it says that it is a directory into which something goes. */
  boolean saysDirectory() {
    return path.endsWith("/");
  }

  /** Below it. */
  String child(String name) {
    return path.replaceAll("/+$", "") + "/" + name;
  }
}
