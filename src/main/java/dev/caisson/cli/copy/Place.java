package dev.caisson.cli.copy;

import dev.caisson.cli.client.CliException;
import org.jspecify.annotations.Nullable;

/**
 * The source or the target of a copy: {@code SANDBOX:/path}, or a path here.
 *
 * @param sandbox null for this machine
 */
public record Place(@Nullable String sandbox, String path) {

  public static Place parse(String word) {
    int colon = word.indexOf(':');
    // As scp: a word with a slash before its colon is a path here.
    if (colon < 1 || word.substring(0, colon).contains("/")) {
      return new Place(null, word);
    }
    String path = word.substring(colon + 1);
    if (!path.startsWith("/")) {
      throw new CliException.Usage("a path in a sandbox must be absolute: '" + word + "'");
    }
    return new Place(word.substring(0, colon), path);
  }

  /** Returns the last name of the path. */
  public String name() {
    String bare = path.replaceAll("/+$", "");
    return bare.substring(bare.lastIndexOf('/') + 1);
  }

  /** Returns whether the path names a directory to copy into, by a slash at its end. */
  public boolean saysDirectory() {
    return path.endsWith("/");
  }

  /** Returns the path of a name below this one. */
  public String child(String name) {
    return path.replaceAll("/+$", "") + "/" + name;
  }
}
