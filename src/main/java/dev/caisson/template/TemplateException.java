package dev.caisson.template;

/** What can go wrong with a template. */
public abstract sealed class TemplateException extends RuntimeException {
  public final String template;

  private TemplateException(String template, String message) {
    super(message);
    this.template = template;
  }

  /** There is none of this name. */
  public static final class NotFound extends TemplateException {
    NotFound(String template) {
      super(template, "There is no template " + template);
    }
  }

  /** Its images are not there yet, or could not be had. */
  public static final class NotReady extends TemplateException {
    public final String state;

    NotReady(String template, TemplateState state, String why) {
      super(template, "Template " + template + " is " + state + why);
      this.state = state.name();
    }
  }

  /** Something about it cannot be. */
  public static final class Invalid extends TemplateException {
    public final String field;

    Invalid(String template, String field, String message) {
      super(template, message);
      this.field = field;
    }
  }
}
