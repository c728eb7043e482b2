package dev.caisson.supervisor.credential;

import dev.caisson.supervisor.wire.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The registry credentials of the sandbox, in memory and nowhere else: those that were given in it
 * ({@code docker login}), and those that the service hands to it. The first go first.
 */
public final class CredentialStore {
  /** The most registries to log in to, more than any sandbox needs; the heap is small. */
  private static final int MOST = 1000;

  /** The names of Docker's own registry; the CLI asks for the first. */
  private static final Set<String> HUB =
      Set.of("index.docker.io", "docker.io", "registry-1.docker.io", "registry.hub.docker.com");

  private final Map<String, Request.Credential> own = new HashMap<>();
  private final Map<String, Request.Credential> given = new HashMap<>();

  /** Replaces all that the service gave before. */
  public synchronized void give(List<Request.Credential> credentials) {
    given.clear();
    credentials.forEach(credential -> given.put(key(credential.registry()), credential));
  }

  /** Keeps what was given in the sandbox; returns whether there was room. */
  synchronized boolean store(Request.Credential credential) {
    String key = key(credential.registry());
    if (own.size() >= MOST && !own.containsKey(key)) {
      return false;
    }
    own.put(key, credential);
    return true;
  }

  synchronized Request.@Nullable Credential get(String registry) {
    String key = key(registry);
    Request.Credential found = own.get(key);
    return found == null ? given.get(key) : found;
  }

  /** Forgets what was given in the sandbox; what the service gave stays. */
  synchronized void erase(String registry) {
    own.remove(key(registry));
  }

  /** Returns the user names, by the registries as they were named. */
  synchronized Map<String, String> users() {
    Map<String, String> users = new TreeMap<>();
    given.values().forEach(credential -> users.put(credential.registry(), credential.username()));
    own.values().forEach(credential -> users.put(credential.registry(), credential.username()));
    return users;
  }

  /**
   * Returns the key of a registry, which clients name by its host or by a URL; a longer path is
   * something else again (Docker Hub's tokens are kept beside its password that way).
   */
  private static String key(String registry) {
    String name = registry.replaceFirst("^https?://", "");
    int slash = name.indexOf('/');
    String host = (slash < 0 ? name : name.substring(0, slash)).toLowerCase(Locale.ROOT);
    String path = slash < 0 ? "" : name.substring(slash);
    host = HUB.contains(host) ? "docker.io" : host;
    return path.matches("/?|/v[12]/?") ? host : host + path;
  }
}
