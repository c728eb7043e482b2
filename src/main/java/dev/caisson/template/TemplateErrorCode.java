package dev.caisson.template;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors that concern templates. */
public enum TemplateErrorCode implements ErrorCode {
  TEMPLATE_NOT_FOUND(ErrorKind.MISSING, "The template does not exist."),
  TEMPLATE_NOT_READY(ErrorKind.CONFLICT, "The images of the template are not ready; see `state`.");

  private final ErrorKind kind;
  private final String meaning;

  TemplateErrorCode(ErrorKind kind, String meaning) {
    this.kind = kind;
    this.meaning = meaning;
  }

  @Override
  public ErrorKind kind() {
    return kind;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
