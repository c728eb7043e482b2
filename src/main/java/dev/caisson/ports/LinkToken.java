package dev.caisson.ports;

import dev.caisson.access.Caller;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The token of a link, where a request can bring it; and the parts of a request without it, since
 * the listener on a port must not see it.
 */
final class LinkToken {
  /** The name of the query parameter on the first request, and of the cookie on those after it. */
  static final String NAME = "caisson-token";

  private static final String PARAMETER = NAME + "=";
  private static final String SCHEME = "Bearer ";

  private LinkToken() {}

  /** Returns the first token in a query; null if there is none. */
  static @Nullable String inQuery(@Nullable String query) {
    List<String> found = values(query, "&");
    return found.isEmpty() ? null : found.getFirst();
  }

  /** Returns the query without tokens; null if nothing else is in it. */
  static @Nullable String without(@Nullable String query) {
    // A query without tokens is not touched: an empty one is not the same as none.
    return inQuery(query) == null ? query : without(query, "&", "&");
  }

  /** Returns the tokens in the lines of the Cookie header. */
  static List<String> inCookies(List<String> lines) {
    return lines.stream().flatMap(line -> values(line, ";").stream()).toList();
  }

  /** Joins the cookies of all lines without the tokens; null if nothing is left. */
  static @Nullable String withoutCookies(List<String> lines) {
    return without(String.join("; ", lines), ";", "; ");
  }

  /** Returns the token in the Authorization header; null if there is none. */
  static @Nullable String inAuthorization(@Nullable String header) {
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : null;
  }

  /** Returns the WebSocket subprotocols without the service's key; null if nothing is left. */
  static @Nullable String withoutKey(List<String> lines) {
    List<String> left =
        lines.stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .map(String::strip)
            .filter(offered -> !offered.isEmpty() && !offered.startsWith(Caller.KEY_PROTOCOL))
            .toList();
    return left.isEmpty() ? null : String.join(", ", left);
  }

  private static List<String> values(@Nullable String text, String separator) {
    List<String> found = new ArrayList<>();
    for (String part : text == null ? new String[0] : text.split(separator, -1)) {
      if (part.strip().startsWith(PARAMETER)) {
        found.add(part.strip().substring(PARAMETER.length()));
      }
    }
    return found;
  }

  private static @Nullable String without(@Nullable String text, String separator, String glue) {
    if (text == null) {
      return null;
    }
    List<String> left =
        Arrays.stream(text.split(separator, -1))
            .map(part -> glue.equals("&") ? part : part.strip())
            .filter(part -> !part.startsWith(PARAMETER))
            .toList();
    return left.isEmpty() || (left.size() == 1 && left.getFirst().isEmpty())
        ? null
        : String.join(glue, left);
  }
}
