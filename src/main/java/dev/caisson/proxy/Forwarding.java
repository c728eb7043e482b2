package dev.caisson.proxy;

import java.util.Map;
import java.util.Set;

/**
 * The way a request is passed on.
 *
 * @param target path and query, as they are written on the request line
 * @param host the Host header that the other end sees
 * @param added headers that replace those of the request
 * @param dropped names of headers, in lower case, that are not for the other end
 */
public record Forwarding(
    String target, String host, Map<String, String> added, Set<String> dropped) {

  /** Creates a forwarding with the headers that the request has. */
  public static Forwarding plain(String target, String host) {
    return new Forwarding(target, host, Map.of(), Set.of());
  }
}
