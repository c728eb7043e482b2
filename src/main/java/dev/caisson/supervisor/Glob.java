package dev.caisson.supervisor;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of names, as java.nio's: {@code *}, {@code **}, {@code ?}, {@code [a-z]}, {@code [!a]},
 * <code>{a,b}</code>, {@code \} before what is meant as it is. That one itself takes only names in
 * the locale's encoding.
 */
final class Glob {
  private final Pattern pattern;
  private final boolean wholePath;

  private Glob(Pattern pattern, boolean wholePath) {
    this.pattern = pattern;
    this.wholePath = wholePath;
  }

  static Glob of(String glob) throws RefusedException {
    try {
      return new Glob(Pattern.compile(expression(glob), Pattern.DOTALL), glob.contains("/"));
    } catch (PatternSyntaxException | StringIndexOutOfBoundsException e) {
      throw new RefusedException("EINVAL", "\"" + glob + "\" is no pattern of names");
    }
  }

  /**
   * Whether it is meant.
   *
   * @param relative the path below where the search begins
   */
  boolean matches(String relative) {
    String subject = wholePath ? relative : relative.substring(relative.lastIndexOf('/') + 1);
    return pattern.matcher(subject).matches();
  }

  private static String expression(String glob) {
    StringBuilder regex = new StringBuilder();
    int groups = 0;
    int i = 0;
    while (i < glob.length()) {
      char c = glob.charAt(i++);
      switch (c) {
        case '\\' -> regex.append(Pattern.quote(glob.substring(i, ++i)));
        case '?' -> regex.append("[^/]");
        case '*' -> {
          boolean deep = i < glob.length() && glob.charAt(i) == '*';
          i += deep ? 1 : 0;
          regex.append(deep ? ".*" : "[^/]*");
        }
        case '[' -> i = bracket(glob, i, regex);
        case '{' -> {
          groups++;
          regex.append("(?:");
        }
        case '}' -> {
          groups--;
          regex.append(')');
        }
        case ',' -> regex.append(groups > 0 ? "|" : ",");
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }

  private static int bracket(String glob, int from, StringBuilder regex) {
    boolean negated = glob.charAt(from) == '!';
    int first = negated ? from + 1 : from;
    // A bracket that comes first is meant as it is.
    int end = glob.indexOf(']', first + 1);
    regex.append("[[^/]&&[").append(negated ? "^" : "");
    for (char c : glob.substring(first, end).toCharArray()) {
      regex.append(c == '-' || Character.isLetterOrDigit(c) ? "" : "\\").append(c);
    }
    regex.append("]]");
    return end + 1;
  }
}
