package dev.caisson.access;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The request of a Docker client that can send no header, and the token of its grant.
 *
 * @param token null where the certificate of its connection stands for it
 * @param rest what the daemon is asked for, as it was written
 */
record TokenPath(@Nullable String token, String rest) {
  static final String BEGINNING = "/v1/docker/";
  private static final Pattern FORM = Pattern.compile(BEGINNING + "([A-Za-z0-9_-]+)(/.*)");

  /** Parses this raw path; null if it has not both. */
  static @Nullable TokenPath of(String raw) {
    if (!raw.startsWith(BEGINNING)) {
      // As nearly every request, of which each is asked twice.
      return null;
    }
    Matcher form = FORM.matcher(raw);
    return form.matches() ? new TokenPath(form.group(1), form.group(2)) : null;
  }

  /** Leaves the token out. */
  @Override
  public String toString() {
    return "TokenPath[" + rest + "]";
  }
}
