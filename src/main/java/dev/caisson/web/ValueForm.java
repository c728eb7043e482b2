package dev.caisson.web;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The forms of values in requests, described without repeating the value that was given. */
final class ValueForm {
  private ValueForm() {}

  /** Describes the form of a value of this type. */
  static String form(@Nullable Class<?> wanted) {
    if (wanted != null && wanted.isEnum()) {
      return "must be one of "
          + Stream.of(wanted.getEnumConstants())
              .map(String::valueOf)
              .collect(Collectors.joining(", "));
    }
    if (wanted == Duration.class) {
      return QueryDurations.FORM;
    }
    if (wanted == boolean.class || wanted == Boolean.class) {
      return "must be true or false";
    }
    if (wanted == Instant.class) {
      return "must be a time such as 2026-11-01T12:00:00Z";
    }
    if (wanted == String.class) {
      return "must be a string";
    }
    if (wanted != null && Collection.class.isAssignableFrom(wanted)) {
      return "must be a list";
    }
    if (wanted != null && (wanted.isRecord() || Map.class.isAssignableFrom(wanted))) {
      return "must be an object";
    }
    return wanted != null && (wanted.isPrimitive() || Number.class.isAssignableFrom(wanted))
        ? "must be a whole number within reasonable bounds"
        : "does not have the documented form";
  }
}
