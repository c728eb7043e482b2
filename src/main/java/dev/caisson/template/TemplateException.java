package dev.caisson.template;

/** A failure of a request about a template. */
public abstract sealed class TemplateException extends RuntimeException {
  public final String template;

  private TemplateException(String template, String message) {
    super(message);
    this.template = template;
  }

  /** A template that does not exist. */
  public static final class NotFound extends TemplateException {
    NotFound(String template) {
      super(template, "There is no template " + template);
    }
  }

  /** A template whose images are not there yet, or could not be had. */
  public static final class NotReady extends TemplateException {
    public final String state;

    NotReady(String template, TemplateState state, String why) {
      super(template, "Template " + template + " is " + state + why);
      this.state = state.name();
    }
  }

  /** A template with a field that cannot be as it is. */
  public static final class Invalid extends TemplateException {
    public final String field;

    Invalid(String template, String field, String message) {
      super(template, message);
      this.field = field;
    }
  }
}
