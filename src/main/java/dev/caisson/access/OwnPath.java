package dev.caisson.access;

import java.util.regex.Pattern;

/**
 * The form of a path that this service reads itself: there is one way to read it, and what it looks
 * like is what it is.
 */
final class OwnPath {
  /** RFC 3986's segment without parameters; in it only what can mean nothing else is encoded. */
  private static final String CHARACTER =
      "[A-Za-z0-9._~!$&'()*+,=:@-]|%(?:2[0-46-9A-Da-d]|3[0-9AC-Fac-f]|4[0-9A-Fa-f]"
          + "|5[0-9ABDEFabdef]|6[0-9A-Fa-f]|7[0-9A-Ea-e])";

  private static final Pattern PATH =
      Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))(?:" + CHARACTER + ")++)*+/?");

  private OwnPath() {}

  /**
   * Tells whether this path is plain: begins with a slash, has no empty, {@code .} or {@code ..}
   * segment, no parameter, and none of the characters encoded that would make one of these, or a
   * control.
   */
  static boolean isPlain(String raw) {
    return !raw.isEmpty() && PATH.matcher(raw).matches();
  }
}
