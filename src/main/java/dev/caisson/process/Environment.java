package dev.caisson.process;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A check of environment variables that never repeats a value. */
public final class Environment {
  private Environment() {}

  /**
   * Returns the variables as they were given.
   *
   * @throws ProcessException.Invalid if a name or value is not valid; names the variable
   */
  public static Map<String, String> checked(@Nullable Map<String, @Nullable String> env) {
    return checked("env", env);
  }

  /** Returns the variables as they were given in this other field of the request. */
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
          field, "must have names that are not empty and contain neither = nor NUL");
    }
    return name;
  }

  private static String value(String field, String name, @Nullable String value) {
    if (value == null || value.indexOf('\0') >= 0) {
      throw new ProcessException.Invalid(field + "." + name, "must not contain a NUL character");
    }
    return value;
  }
}
