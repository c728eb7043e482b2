package dev.caisson.web;

import dev.caisson.error.CaissonException;
import dev.caisson.error.CommonErrorCode;
import dev.caisson.error.FieldError;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** The problem documents (RFC 9457) that errors are answered with. */
final class ProblemDetails {
  private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

  private ProblemDetails() {}

  static ProblemDetail of(HttpStatus status, CaissonException e) {
    if (!e.fields().isEmpty()) {
      return invalid(e.fields());
    }
    ProblemDetail detail = ProblemDetail.forStatusAndDetail(status, String.valueOf(e.getMessage()));
    e.details().forEach(detail::setProperty);
    return mark(detail, e.code().name());
  }

  static ProblemDetail invalid(List<FieldError> errors) {
    String summary =
        errors.isEmpty()
            ? "The request is not valid"
            : errors.stream().map(FieldError::sentence).collect(Collectors.joining("; "));
    ProblemDetail detail = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, summary);
    detail.setProperty("errors", errors);
    return mark(detail, CommonErrorCode.INVALID_REQUEST.name());
  }

  /**
   * Marks a problem with its code; one of another form, which is not documented, becomes no part of
   * a URI.
   */
  static ProblemDetail mark(ProblemDetail detail, String code) {
    String known = CODE.matcher(code).matches() ? code : CommonErrorCode.INTERNAL.name();
    detail.setType(
        URI.create("urn:caisson:problem:" + known.toLowerCase(Locale.ROOT).replace('_', '-')));
    detail.setProperty("code", known);
    return detail;
  }
}
