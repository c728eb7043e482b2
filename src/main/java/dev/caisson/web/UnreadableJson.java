package dev.caisson.web;

import dev.caisson.error.FieldError;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * The reason why a body cannot be read, by its field. Jackson's own message is not used: it quotes
 * the body, which can hold secrets.
 */
final class UnreadableJson {
  private static final String TWICE = "Duplicate Object property";

  private UnreadableJson() {}

  static FieldError error(@Nullable Throwable cause) {
    return switch (cause) {
      case UnrecognizedPropertyException unknown ->
          new FieldError(path(unknown), "is not a known field");
      case StreamReadException malformed when malformed.processor() != null ->
          new FieldError(path(malformed.processor().streamReadContext()), reason(malformed));
      case JacksonException malformed -> new FieldError(path(malformed), reason(malformed));
      case null, default -> new FieldError("body", "cannot be decoded");
    };
  }

  /** Returns the JSON path of what was wrong: {@code resources.memory}. */
  private static String path(JacksonException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : e.getPath()) {
      if (step.getPropertyName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      } else {
        path.append('[').append(step.getIndex()).append(']');
      }
    }
    return path.isEmpty() ? "body" : path.toString();
  }

  /** Returns the JSON path of what could not even be taken apart. */
  private static String path(TokenStreamContext at) {
    String path = "";
    for (TokenStreamContext step = at; step != null; step = step.getParent()) {
      String name = step.currentName();
      if (step.inArray()) {
        path = "[" + Math.max(0, step.getCurrentIndex()) + "]" + joined(path);
      } else if (name != null) {
        path = name + joined(path);
      }
    }
    return path.isEmpty() ? "body" : path;
  }

  private static String joined(String rest) {
    return rest.isEmpty() || rest.startsWith("[") ? rest : "." + rest;
  }

  private static String reason(JacksonException e) {
    if (e.getOriginalMessage() != null && e.getOriginalMessage().startsWith(TWICE)) {
      return "appears twice";
    }
    if (e instanceof StreamConstraintsException) {
      return "is nested too deeply, or has too many elements, or numbers or names that are too long";
    }
    if (e.getCause() instanceof IllegalArgumentException ours && ours.getMessage() != null) {
      return ours.getMessage();
    }
    return ValueForm.form(
        e instanceof MismatchedInputException other ? other.getTargetType() : null);
  }
}
