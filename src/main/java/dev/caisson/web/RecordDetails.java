package dev.caisson.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The details that a record says of its schema beyond what springdoc reads: in an answer, what is
 * always there and what can be null; everywhere, what is a duration, and what a reference is for.
 *
 * @param answered whether it is in answers alone
 */
record RecordDetails(Class<?> type, boolean answered) {

  @SuppressWarnings("rawtypes")
  void tell(Schema<?> schema) {
    if (schema.getProperties() == null) {
      return;
    }
    // Springdoc puts the words of a property on what it refers to.
    io.swagger.v3.oas.annotations.media.Schema own =
        type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
    schema.setDescription(own == null || own.description().isEmpty() ? null : own.description());
    for (RecordComponent component : type.getRecordComponents()) {
      String name = name(component);
      Schema<?> property = schema.getProperties().get(name);
      if (property == null) {
        continue;
      }
      boolean nullable =
          component.getAnnotatedType().isAnnotationPresent(Nullable.class) && answered;
      boolean leftOut = nullable && leavesNullOut(component);
      if (property.get$ref() == null
          && (component.getType() == Duration.class || "duration".equals(property.getFormat()))) {
        property = duration(component, property);
      }
      if (answered && !leftOut) {
        addRequired(schema, name);
      }
      schema.getProperties().put(name, told(component, property, nullable && !leftOut));
    }
  }

  /** Returns the schema of a duration: springdoc would have the example as a number of seconds. */
  private static Schema<?> duration(RecordComponent component, Schema<?> found) {
    io.swagger.v3.oas.annotations.media.Schema said =
        component.getAccessor().getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
    Schema<?> schema = new StringSchema().format("duration");
    schema.setDescription(found.getDescription());
    schema.setNullable(found.getNullable());
    if (found.getDefault() != null) {
      schema.setDefault(found.getDefault());
    }
    if (said != null && !said.example().isEmpty()) {
      schema.setExample(said.example());
    } else if (found.getExample() != null) {
      schema.setExample(found.getExample());
    }
    return schema;
  }

  private static void addRequired(Schema<?> schema, String name) {
    if (schema.getRequired() == null || !schema.getRequired().contains(name)) {
      schema.addRequiredItem(name);
    }
  }

  /**
   * Returns a property with its details: nothing can stand beside a reference in OpenAPI 3.0, but
   * around it.
   */
  private static Schema<?> told(RecordComponent component, Schema<?> property, boolean nullable) {
    String description = description(component);
    if (property.get$ref() == null) {
      return nullable ? property.nullable(true) : property;
    }
    if (description == null && !nullable) {
      return property;
    }
    Schema<?> around = new Schema<>().allOf(List.of(property)).description(description);
    return nullable ? around.nullable(true) : around;
  }

  private static @Nullable String description(RecordComponent component) {
    io.swagger.v3.oas.annotations.media.Schema said =
        component.getAccessor().getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
    return said == null || said.description().isEmpty() ? null : said.description();
  }

  static String name(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null || named.value().isEmpty() ? component.getName() : named.value();
  }

  private boolean leavesNullOut(RecordComponent component) {
    return leavesNullOut(component.getAccessor()) || leavesNullOut(type);
  }

  private static boolean leavesNullOut(AnnotatedElement element) {
    JsonInclude include = element.getAnnotation(JsonInclude.class);
    return include != null && include.value() == JsonInclude.Include.NON_NULL;
  }
}
