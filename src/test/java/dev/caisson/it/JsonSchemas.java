package dev.caisson.it;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAPI 3.0's dialect of JSON Schema in the words of 2020-12; objects may hold what they name.
 */
final class JsonSchemas {
  private static final List<String> KEPT =
      List.of(
          "type",
          "enum",
          "pattern",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "required");

  private JsonSchemas() {}

  static JsonNode of(JsonNode schema) {
    ObjectNode made = Api.JSON.createObjectNode();
    KEPT.stream().filter(schema::has).forEach(word -> made.set(word, schema.get(word)));
    if (schema.has("$ref")) {
      made.put("$ref", schema.get("$ref").asString().replace("#/components/schemas/", "#/$defs/"));
    }
    for (String list : List.of("allOf", "oneOf", "anyOf")) {
      if (schema.has(list)) {
        ArrayNode parts = made.putArray(list);
        schema.get(list).forEach(part -> parts.add(of(part)));
      }
    }
    if (schema.has("items")) {
      made.set("items", of(schema.get("items")));
    }
    JsonNode others = schema.path("additionalProperties");
    if (schema.has("properties")) {
      ObjectNode properties = made.putObject("properties");
      schema
          .get("properties")
          .properties()
          .forEach(p -> properties.set(p.getKey(), of(p.getValue())));
      made.put("additionalProperties", others.asBoolean(false));
    } else if (others.isObject()) {
      made.set("additionalProperties", of(others));
    }
    if (schema.path("exclusiveMinimum").asBoolean(false)) {
      made.set("exclusiveMinimum", made.remove("minimum"));
    }
    return schema.path("nullable").asBoolean(false) ? orNull(made) : made;
  }

  private static JsonNode orNull(ObjectNode schema) {
    ObjectNode either = Api.JSON.createObjectNode();
    ArrayNode choices = either.putArray("anyOf");
    choices.addObject().put("type", "null");
    choices.add(schema);
    return either;
  }
}
