package dev.caisson.it.isolation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The ways in which a path has been written that was to be taken for another one. */
public final class Disguises {
  /** Up one segment, as different readers understand it. */
  private static final List<String> UP =
      List.of(
          "..",
          "..;",
          "..;a=b",
          "%2e%2e",
          "%2E%2E",
          ".%2e",
          "%2e.",
          "%2e%2e;",
          "%2e%2e%3b",
          "%252e%252e",
          "%c0%ae%c0%ae",
          "..%00",
          "..%2f",
          "..%5c",
          "..%252f",
          "..\\");

  /** What is open, and so worth being taken for. */
  private static final List<String> OPEN =
      List.of("/console", "/actuator/health", "/swagger-ui", "/v3/api-docs");

  private static final List<String> BEHIND =
      List.of(
          "/",
          "//",
          ";",
          ";a=b",
          "/;",
          "/.",
          "/./",
          "/..",
          "/..;",
          "/%2e",
          "%2e",
          "%00",
          "%0a",
          "%0d%0a",
          "%09",
          "%7f",
          "%20",
          "%3b",
          "%23",
          "%3f",
          "%2f",
          "%5c",
          "%252f",
          "\\",
          "\u0001",
          "\u0009",
          "\u007f",
          "\u00ff",
          "%ef%bc%8f",
          "%c0%af",
          "%u002f",
          "%",
          "%zz",
          ".json",
          ".js",
          "/index.html",
          "?",
          "#",
          "|",
          "^",
          "{",
          "\"",
          "<");

  private Disguises() {}

  /** All of them for a plain path, itself among them. */
  public static Set<String> of(String path) {
    Set<String> all = new LinkedHashSet<>();
    all.add(path);
    BEHIND.forEach(end -> all.add(path + end));
    for (String up : UP) {
      all.add("/x/" + up + path);
      OPEN.forEach(open -> all.add(open + "/" + up + path));
      all.add(climbing(path, up, ""));
      all.add(climbing(path, up, ";"));
    }
    between(path, all);
    all.add("/" + path);
    all.add("//" + path);
    all.add("/." + path);
    all.add("/;" + path);
    all.add("/%2f" + path);
    all.add("\\" + path.substring(1));
    all.add(path.toUpperCase(java.util.Locale.ROOT));
    all.add(path.replace("/", "//"));
    all.add(path.replace("/", "\\"));
    all.add("/" + path.substring(1).replace("/", "%2f"));
    all.add("/" + path.substring(1).replace("/", "%5c"));
    all.add(
        "/%"
            + Integer.toHexString(path.length() > 1 ? path.charAt(1) : 'x')
            + path.substring(Math.min(2, path.length())));
    return all;
  }

  /** The path, then up to the root and down to what is open: what T01 of the attack was. */
  private static String climbing(String path, String up, String mark) {
    String[] segments = path.substring(1).split("/", -1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < segments.length; i++) {
      text.append("/").append(segments[i]).append(i == segments.length / 2 ? mark : "");
    }
    text.append(("/" + up).repeat(segments.length));
    return text.append("/console/main.js").toString();
  }

  private static void between(String path, Set<String> all) {
    List<Integer> slashes = new ArrayList<>();
    for (int at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) {
      slashes.add(at);
    }
    for (int at : slashes) {
      for (String put : List.of(";", ";a=b", "/", "/.", "/%2e", "/x/..", "/x/..;", "%2f", "%00")) {
        all.add(path.substring(0, at) + put + path.substring(at));
      }
      all.add(path.substring(0, at) + "%2f" + path.substring(at + 1));
      all.add(path.substring(0, at) + "%5c" + path.substring(at + 1));
    }
  }
}
