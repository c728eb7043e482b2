package dev.caisson.web;

import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** References between the schemas of a contract. */
final class Refs {
  private static final String PLACE = "#/components/schemas/";

  private Refs() {}

  static Schema<?> to(String name) {
    return new Schema<>().$ref(PLACE + name);
  }

  /** Returns the name of what this schema refers to. */
  static String name(Schema<?> reference) {
    return reference.get$ref().substring(PLACE.length());
  }

  /** Returns the schemas directly in this one: of its properties, items, values and choices. */
  static List<Schema<?>> parts(Schema<?> schema) {
    List<Schema<?>> parts = new ArrayList<>();
    add(parts, schema.getProperties() == null ? null : schema.getProperties().values());
    add(parts, schema.getAllOf());
    add(parts, schema.getOneOf());
    add(parts, schema.getAnyOf());
    if (schema.getItems() != null) {
      parts.add(schema.getItems());
    }
    if (schema.getAdditionalProperties() instanceof Schema<?> values) {
      parts.add(values);
    }
    return parts;
  }

  @SuppressWarnings("rawtypes")
  private static void add(List<Schema<?>> parts, @Nullable Collection<Schema> more) {
    if (more != null) {
      more.forEach(parts::add);
    }
  }

  /** Returns the names of all schemas that these bodies lead to. */
  @SuppressWarnings("rawtypes")
  static Set<String> reached(List<Content> bodies, Map<String, Schema> schemas) {
    Set<String> names = new TreeSet<>();
    bodies.stream()
        .flatMap(body -> body.values().stream())
        .filter(media -> media.getSchema() != null)
        .forEach(media -> reach(media.getSchema(), schemas, names));
    return names;
  }

  @SuppressWarnings("rawtypes")
  private static void reach(Schema<?> from, Map<String, Schema> schemas, Set<String> names) {
    if (from.get$ref() != null) {
      String name = name(from);
      Schema<?> to = schemas.get(name);
      if (to != null && names.add(name)) {
        reach(to, schemas, names);
      }
    }
    parts(from).forEach(part -> reach(part, schemas, names));
  }
}
