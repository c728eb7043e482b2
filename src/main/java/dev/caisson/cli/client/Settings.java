package dev.caisson.cli.client;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The address of the service, and the key to it.
 *
 * @param key null where there is none for this service
 * @param authority a file with certificates to trust beside Java's own
 */
public record Settings(URI url, @Nullable String key, @Nullable Path authority) {
  public static final String URL = "CAISSON_URL";
  public static final String KEY = "CAISSON_KEY";
  private static final String AUTHORITY = "CAISSON_CACERT";
  private static final String HERE = "http://127.0.0.1:8080";

  /**
   * Returns the settings: the command line goes before the environment, and that before the stored
   * login. A stored key is for the service it was stored for, and is sent to no other.
   */
  public static Settings from(
      @Nullable String wanted, Map<String, String> environment, @Nullable Login stored) {
    String url = wanted != null ? wanted : environment.getOrDefault(URL, "");
    if (url.isEmpty()) {
      url = stored == null ? HERE : stored.url();
    }
    URI parsed = parse(url);
    String key = environment.getOrDefault(KEY, "").strip();
    if (key.isEmpty() && stored != null && parse(stored.url()).equals(parsed)) {
      key = stored.key();
    }
    String authority = environment.getOrDefault(AUTHORITY, "");
    return new Settings(
        parsed, key.isEmpty() ? null : key, authority.isEmpty() ? null : Path.of(authority));
  }

  static URI parse(String url) {
    try {
      URI parsed = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      if (("http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme()))
          && parsed.getHost() != null
          && parsed.getRawQuery() == null) {
        return parsed;
      }
    } catch (IllegalArgumentException e) {
      // Refused below, in one way for all that is no such address.
    }
    throw new CliException.Usage(
        "this is not the address of a service: '" + url + "'; one is like " + HERE);
  }

  public boolean secure() {
    return "https".equals(url.getScheme());
  }
}
