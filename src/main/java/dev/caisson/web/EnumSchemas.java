package dev.caisson.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The schemas of enums, one with a name for each, so that clients have one type for it. */
final class EnumSchemas {
  private final OpenAPI api;
  private final Map<String, Schema<?>> named = new TreeMap<>();

  EnumSchemas(OpenAPI api) {
    this.api = api;
  }

  /** Names the enums among the properties of this record's schema. */
  @SuppressWarnings("rawtypes")
  void name(Class<?> record, Schema<?> schema) {
    Map<String, Schema> properties = schema.getProperties();
    if (properties == null) {
      return;
    }
    for (RecordComponent component : record.getRecordComponents()) {
      Class<?> type = enumOf(component.getGenericType());
      Schema<?> property = properties.get(RecordDetails.name(component));
      if (type == null || property == null) {
        continue;
      }
      if (property.getItems() != null && property.getItems().getEnum() != null) {
        property.setItems(reference(type, property.getItems()));
      } else if (property.getEnum() != null) {
        properties.put(RecordDetails.name(component), reference(type, property));
      }
    }
  }

  /**
   * Adds the schemas to the contract; a parameter that takes the same values is of the same type.
   */
  void add() {
    named.forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
    api.getPaths().values().stream()
        .flatMap(path -> path.readOperations().stream())
        .filter(operation -> operation.getParameters() != null)
        .flatMap(operation -> operation.getParameters().stream())
        .filter(parameter -> parameter.getSchema() != null)
        .forEach(parameter -> {
          Schema<?> schema = parameter.getSchema();
          named.entrySet().stream()
              .filter(known -> known.getValue().getEnum().equals(schema.getEnum()))
              .findFirst()
              .ifPresent(known -> parameter.setSchema(Refs.to(known.getKey())));
        });
  }

  private Schema<?> reference(Class<?> type, Schema<?> inline) {
    String name = name(type);
    StringSchema schema = new StringSchema();
    inline.getEnum().forEach(value -> schema.addEnumItem(String.valueOf(value)));
    Schema<?> other = named.put(name, schema);
    if (other != null && !other.getEnum().equals(schema.getEnum())) {
      throw new IllegalStateException("two enums would be " + name + " in the contract");
    }
    return Refs.to(name);
  }

  /**
   * Returns the name of an enum's schema: its own, after that of what it belongs to: {@code
   * ProcessInfo.Cause} is ProcessCause.
   */
  private static String name(Class<?> type) {
    io.swagger.v3.oas.annotations.media.Schema said =
        type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
    if (said != null && !said.name().isEmpty()) {
      return said.name();
    }
    Class<?> around = type.getEnclosingClass();
    return around == null
        ? type.getSimpleName()
        : around.getSimpleName().replaceFirst("(Request|Info|Answer|Status|Report)$", "")
            + type.getSimpleName();
  }

  private static @Nullable Class<?> enumOf(Type type) {
    return switch (type) {
      case Class<?> plain when plain.isEnum() -> plain;
      case ParameterizedType list ->
          Arrays.stream(list.getActualTypeArguments())
              .map(EnumSchemas::enumOf)
              .filter(found -> found != null)
              .findFirst()
              .orElse(null);
      default -> null;
    };
  }
}
