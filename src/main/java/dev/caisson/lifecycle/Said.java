package dev.caisson.lifecycle;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of what a caller may say of a sandbox: all of it is kept, and is in every answer or
 * start.
 */
final class Said {
  static final String LABELS =
      "must be at most 64, with names of 1 to 128 and values of up to 1024 characters, none of them"
          + " control characters, and 16 KiB in all";
  static final String LABEL_BOUNDS =
      "At most 64 labels, with names of 1 to 128 and values of up to 1024 characters; 16 KiB in"
          + " all";
  static final String ENV =
      "must be at most 1000, with names that are not empty and have no '=', without NUL characters,"
          + " and 1 MiB in all";
  static final String ENV_BOUNDS = "At most 1000 variables, and 1 MiB in all";

  /** The pattern of texts that are shown, which have no line breaks or other control characters. */
  static final String PLAIN = "[^\\x00-\\x1f\\x7f]*";

  private static final int MOST_LABELS = 64;
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_VALUE = 1024;
  private static final int LABEL_BYTES = 16 << 10;
  private static final int MOST_ENV = 1000;
  private static final int ENV_BYTES = 1 << 20;

  private Said() {}

  /** Returns whether these can be the labels of a sandbox. */
  static boolean areLabels(@Nullable Map<String, String> labels) {
    return labels == null
        || (labels.size() <= MOST_LABELS
            && bytes(labels) <= LABEL_BYTES
            && labels.entrySet().stream()
                .allMatch(label ->
                    !label.getKey().isEmpty()
                        && label.getKey().length() <= LONGEST_NAME
                        && label.getKey().matches(PLAIN)
                        && label.getValue().length() <= LONGEST_VALUE
                        && label.getValue().matches(PLAIN)));
  }

  /** Returns whether these can be the environment of a sandbox. */
  static boolean isEnv(@Nullable Map<String, String> env) {
    return env == null
        || (env.size() <= MOST_ENV
            && bytes(env) <= ENV_BYTES
            && env.entrySet().stream()
                .allMatch(variable ->
                    !variable.getKey().isEmpty()
                        && variable.getKey().indexOf('=') < 0
                        && variable.getKey().indexOf('\0') < 0
                        && variable.getValue().indexOf('\0') < 0));
  }

  private static long bytes(Map<String, String> texts) {
    return texts.entrySet().stream()
        .mapToLong(text ->
            text.getKey().getBytes(StandardCharsets.UTF_8).length
                + (long) text.getValue().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }
}
