package dev.caisson.template;

import dev.caisson.error.CaissonException;
import dev.caisson.error.FieldError;
import java.util.Map;

/** A failure of a request about a template. */
public abstract sealed class TemplateException extends CaissonException {

  private TemplateException(TemplateErrorCode code, Map<String, ?> details, String message) {
    super(code, details, message, null);
  }

  private TemplateException(FieldError field) {
    super(field, null);
  }

  /** A template that does not exist. */
  public static final class NotFound extends TemplateException {
    NotFound(String template) {
      super(
          TemplateErrorCode.TEMPLATE_NOT_FOUND,
          Map.of("template", template),
          "There is no template " + template);
    }
  }

  /** A template whose images are not there yet, or could not be had. */
  public static final class NotReady extends TemplateException {
    NotReady(String template, TemplateState state, String why) {
      super(
          TemplateErrorCode.TEMPLATE_NOT_READY,
          Map.of("template", template, "state", state.name()),
          "Template " + template + " is " + state + why);
    }
  }

  /** A template with a field that cannot be as it is. */
  public static final class Invalid extends TemplateException {
    Invalid(String field, String message) {
      super(new FieldError(field, message));
    }
  }
}
