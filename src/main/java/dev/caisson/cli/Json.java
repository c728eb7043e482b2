package dev.caisson.cli;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON as trees: what the service answers is shown, not modelled a second time. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** What is in there; a missing node where it is no JSON. */
  static JsonNode read(byte[] text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      return MAPPER.missingNode();
    }
  }

  static JsonNode read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] bytes(JsonNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A field as text; empty where it is missing or null. */
  static String text(JsonNode node, String field) {
    JsonNode found = node.path(field);
    return found.isMissingNode() || found.isNull() ? "" : found.asString("");
  }

  /** A field that is a number or text as text. */
  static String word(JsonNode node, String field) {
    JsonNode found = node.path(field);
    return found.isString() ? found.asString("") : found.isNumber() ? found.toString() : "";
  }
}
