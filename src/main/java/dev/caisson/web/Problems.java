package dev.caisson.web;

import dev.caisson.access.AccessException;
import dev.caisson.error.CaissonException;
import dev.caisson.error.CommonErrorCode;
import dev.caisson.error.ErrorKind;
import dev.caisson.files.FileException;
import dev.caisson.process.ProcessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * The one place that turns the errors of all rooms into HTTP: a status for each kind, and the
 * headers that some errors need. The framework's own errors are in the class above.
 */
@RestControllerAdvice
class Problems extends RequestProblems {
  private static final Logger log = LoggerFactory.getLogger(Problems.class);

  @ExceptionHandler
  ResponseEntity<Object> known(CaissonException e) {
    ProblemDetail detail = ProblemDetails.of(status(e.code().kind()), e);
    HttpHeaders headers = headers(e);
    if (e.details().get("retryAfterMs") instanceof Number millis) {
      // For clients that know HTTP alone, in its unit.
      headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, millis.longValue() / 1000)));
    }
    return ResponseEntity.status(detail.getStatus()).headers(headers).body(detail);
  }

  /** Returns the status of a kind of errors, without default: a new kind needs one to compile. */
  static HttpStatus status(ErrorKind kind) {
    return switch (kind) {
      case INVALID -> HttpStatus.BAD_REQUEST;
      case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
      case FORBIDDEN -> HttpStatus.FORBIDDEN;
      case MISSING -> HttpStatus.NOT_FOUND;
      case CONFLICT -> HttpStatus.CONFLICT;
      case GONE -> HttpStatus.GONE;
      case PRECONDITION -> HttpStatus.PRECONDITION_FAILED;
      case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
      case OUT_OF_RANGE -> HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE;
      case IMPOSSIBLE -> HttpStatus.UNPROCESSABLE_CONTENT;
      case TOO_MANY -> HttpStatus.TOO_MANY_REQUESTS;
      case INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
      case UNSUPPORTED -> HttpStatus.NOT_IMPLEMENTED;
      case UPSTREAM -> HttpStatus.BAD_GATEWAY;
      case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
      case TIMEOUT -> HttpStatus.GATEWAY_TIMEOUT;
      case NO_SPACE -> HttpStatus.INSUFFICIENT_STORAGE;
    };
  }

  private static HttpHeaders headers(CaissonException e) {
    return switch (e) {
      case AccessException.Unauthorized _ -> challenge(MediaType.APPLICATION_PROBLEM_JSON);
      // Docker's CLI shows the message alone if it is of this type, else the whole text.
      case AccessException.PathLost _ -> challenge(MediaType.APPLICATION_JSON);
      case ProcessException.NoSuchRange range -> size(range.bytes);
      case FileException.NoSuchRange range -> size(range.size);
      default -> new HttpHeaders();
    };
  }

  private static HttpHeaders challenge(MediaType type) {
    HttpHeaders headers = new HttpHeaders();
    headers.setContentType(type);
    headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"caisson\"");
    return headers;
  }

  private static HttpHeaders size(long bytes) {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.CONTENT_RANGE, "bytes */" + bytes);
    return headers;
  }

  @ExceptionHandler
  ResponseEntity<Object> unexpected(RuntimeException e) {
    log.atError().setCause(e).log("unexpected error in a request");
    ProblemDetail detail =
        ProblemDetail.forStatusAndDetail(
            status(CommonErrorCode.INTERNAL.kind()),
            "The service has failed to process the request; its log has the reason");
    return ResponseEntity.status(detail.getStatus())
        .body(ProblemDetails.mark(detail, CommonErrorCode.INTERNAL.name()));
  }
}
