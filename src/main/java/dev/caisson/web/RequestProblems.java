package dev.caisson.web;

import dev.caisson.error.CommonErrorCode;
import dev.caisson.error.FieldError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.ConstraintViolationException;
import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** The answers to requests that the framework cannot hand to a room: what is wrong, by field. */
abstract class RequestProblems extends ResponseEntityExceptionHandler {

  @ExceptionHandler
  ResponseEntity<Object> constraint(ConstraintViolationException e) {
    List<FieldError> errors =
        e.getConstraintViolations().stream()
            .map(v -> error(v.getPropertyPath().toString(), v.getMessage()))
            .toList();
    return answer(ProblemDetails.invalid(errors));
  }

  @Override
  protected ResponseEntity<Object> handleMethodArgumentNotValid(
      MethodArgumentNotValidException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return answer(
        ProblemDetails.invalid(
            e.getBindingResult().getFieldErrors().stream()
                .map(f -> error(f.getField(), f.getDefaultMessage()))
                .toList()));
  }

  @Override
  protected ResponseEntity<Object> handleHandlerMethodValidationException(
      HandlerMethodValidationException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return answer(
        ProblemDetails.invalid(
            e.getParameterValidationResults().stream()
                .flatMap(result -> errors(result).stream())
                .toList()));
  }

  /**
   * Returns the errors of a parameter: of a body by the names of its fields, of anything else by
   * that of the parameter.
   */
  private static List<FieldError> errors(ParameterValidationResult result) {
    return result instanceof ParameterErrors body
        ? body.getFieldErrors().stream()
            .map(f -> error(f.getField(), f.getDefaultMessage()))
            .toList()
        : result.getResolvableErrors().stream()
            .map(r ->
                error(
                    String.valueOf(result.getMethodParameter().getParameterName()),
                    r.getDefaultMessage()))
            .toList();
  }

  @Override
  protected ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    BodyBound.ExceededException larger = BodyBound.ExceededException.in(e);
    if (larger != null) {
      return tooLarge(larger);
    }
    return answer(ProblemDetails.invalid(List.of(UnreadableJson.error(e.getCause()))));
  }

  @Override
  protected ResponseEntity<Object> handleTypeMismatch(
      TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    String name =
        e instanceof MethodArgumentTypeMismatchException argument
            ? argument.getName()
            : String.valueOf(e.getPropertyName());
    return answer(
        ProblemDetails.invalid(List.of(error(name, ValueForm.form(e.getRequiredType())))));
  }

  @ExceptionHandler
  ResponseEntity<Object> tooLarge(BodyBound.ExceededException e) {
    ProblemDetail detail =
        ProblemDetail.forStatusAndDetail(HttpStatus.CONTENT_TOO_LARGE, e.getMessage());
    detail.setProperty("most", BodyBound.MOST);
    return answer(ProblemDetails.mark(detail, CommonErrorCode.BODY_TOO_LARGE.name()));
  }

  /** Answers for parameters that are no text: the container says nothing that names them alone. */
  @ExceptionHandler
  ResponseEntity<Object> damaged(InvalidParameterException e, HttpServletRequest request) {
    List<String> names = DamagedQuery.names(request.getQueryString());
    return answer(
        ProblemDetails.invalid(
            names.isEmpty()
                ? List.of(error("query", "cannot be decoded"))
                : names.stream().map(name -> error(name, "is not UTF-8")).toList()));
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception e,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    ResponseEntity<Object> answer =
        super.handleExceptionInternal(e, body, headers, status, request);
    if (answer != null && answer.getBody() instanceof ProblemDetail detail) {
      HttpStatus known = HttpStatus.resolve(status.value());
      ProblemDetails.mark(detail, known == null ? "ERROR" : known.name());
    }
    return answer;
  }

  private static FieldError error(String field, @Nullable String message) {
    return new FieldError(field, message == null ? "is not valid" : message);
  }

  private static ResponseEntity<Object> answer(ProblemDetail detail) {
    return ResponseEntity.status(detail.getStatus()).body(detail);
  }
}
