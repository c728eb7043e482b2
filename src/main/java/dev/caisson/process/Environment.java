package dev.caisson.process;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks environment variables without ever repeating a value. */
public final class Environment {
  private Environment() {}

  /**
   * The variables as they were given.
   *
   * @throws ProcessException.Invalid that names the variable that cannot be one
   */
  public static Map<String, String> checked(@Nullable Map<String, @Nullable String> env) {
    return checked("env", env);
  }

  /** The same, where they are in another field of the request. */
  public static Map<String, String> checked(
      String field, @Nullable Map<String, @Nullable String> env) {
    // In their own order: the same request is then the same bytes, for its Idempotency-Key.
    Map<String, String> checked = new TreeMap<>();
    if (env != null) {
      env.forEach((name, value) -> checked.put(name(field, name), value(field, name, value)));
    }
    return checked;
  }

  private static String name(String field, String name) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new ProcessException.Invalid(
          field, "must have names that are not empty and hold neither = nor NUL");
    }
    return name;
  }

  private static String value(String field, String name, @Nullable String value) {
    if (value == null || value.indexOf('\0') >= 0) {
      throw new ProcessException.Invalid(
          field + "." + name, "must be a text without a NUL character");
    }
    return value;
  }
}
