package dev.caisson.docker;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A reader of the daemons' JSON. It comes out of a sandbox: no field of it is there for certain.
 */
public final class DaemonJson {
  private DaemonJson() {}

  public static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }

  static @Nullable public String textIfAny(JsonNode node, String field) {
    String text = text(node, field);
    return text.isEmpty() ? null : text;
  }

  public static long number(JsonNode node, String field) {
    return node.path(field).asLong(0);
  }

  public static boolean truth(JsonNode node, String field) {
    return node.path(field).asBoolean(false);
  }

  /** Returns a time as the daemon writes it; null for Go's zero time. */
  static @Nullable public Instant time(JsonNode node, String field) {
    String text = text(node, field);
    if (text.isEmpty() || text.startsWith("0001-")) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** Returns a time in seconds since the epoch. */
  public static Instant seconds(JsonNode node, String field) {
    return Instant.ofEpochSecond(number(node, field));
  }

  public static Map<String, String> texts(JsonNode node, String field) {
    Map<String, String> texts = new TreeMap<>();
    node.path(field)
        .properties()
        .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString("")));
    return texts;
  }

  public static List<String> words(JsonNode node, String field) {
    return each(node.path(field), word -> word.asString(""));
  }

  public static <T> List<T> each(JsonNode list, Function<JsonNode, T> from) {
    List<T> all = new ArrayList<>();
    list.forEach(element -> all.add(from.apply(element)));
    return all;
  }
}
