package dev.caisson.web;

import dev.caisson.access.AccessException;
import dev.caisson.access.GrantException;
import dev.caisson.docker.DockerException;
import dev.caisson.files.FileException;
import dev.caisson.forward.ForwardException;
import dev.caisson.ports.PortsException;
import dev.caisson.process.ProcessException;
import dev.caisson.proxy.ProxyException;
import dev.caisson.registry.RegistryException;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.session.SessionException;
import dev.caisson.template.TemplateException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.ConstraintViolationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * The one place that turns errors into HTTP: a switch for each room's sealed family, without
 * default, so that a new error without a status does not compile.
 */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(Problems.class);
  private static final String TWICE = "Duplicate Object property";
  private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

  @ExceptionHandler
  ResponseEntity<Object> access(AccessException e) {
    return switch (e) {
      case AccessException.Unauthorized _ -> unauthorized(e, MediaType.APPLICATION_PROBLEM_JSON);
      // Docker's CLI shows the message alone if it is of this type, else the whole text.
      case AccessException.PathLost _ -> unauthorized(e, MediaType.APPLICATION_JSON);
      case AccessException.Disguised _ -> answer(invalid(List.of(error("path", e.getMessage()))));
    };
  }

  private static ResponseEntity<Object> unauthorized(AccessException e, MediaType type) {
    ProblemDetail detail = problem(HttpStatus.UNAUTHORIZED, "UNAUTHORIZED", e, Map.of());
    // Docker's clients show this field.
    detail.setProperty("message", e.getMessage());
    return ResponseEntity.status(HttpStatus.UNAUTHORIZED)
        .contentType(type)
        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"caisson\"")
        .body(detail);
  }

  /** The time for which a service that stops is usually away. */
  private static final Duration STOP = Duration.ofSeconds(5);

  @ExceptionHandler
  ResponseEntity<Object> sandbox(SandboxException e) {
    if (e instanceof SandboxException.ServiceStopping) {
      return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
          .header(HttpHeaders.RETRY_AFTER, Long.toString(STOP.toSeconds()))
          .body(stopping(e));
    }
    return answer(
        switch (e) {
          case SandboxException.NotFound missing ->
              problem(HttpStatus.NOT_FOUND, "SANDBOX_NOT_FOUND", e, Map.of("sandbox", missing.id));
          case SandboxException.NotReady busy ->
              problem(
                  HttpStatus.CONFLICT,
                  "SANDBOX_NOT_READY",
                  e,
                  Map.of("sandbox", busy.id.value(), "state", busy.state.name()));
          case SandboxException.StartFailed failed ->
              problem(HttpStatus.BAD_GATEWAY, failed.code, e, Map.of("sandbox", failed.id.value()));
          case SandboxException.Unsupported no ->
              problem(
                  HttpStatus.UNPROCESSABLE_CONTENT,
                  no.code,
                  e,
                  no.remedy == null
                      ? Map.of("reason", no.reason)
                      : Map.of("reason", no.reason, "remedy", no.remedy));
          case SandboxException.KeyReused reused ->
              problem(
                  HttpStatus.UNPROCESSABLE_CONTENT,
                  "IDEMPOTENCY_KEY_REUSED",
                  e,
                  Map.of("sandbox", reused.id.value()));
          case SandboxException.HostDiskFull full ->
              problem(
                  HttpStatus.INSUFFICIENT_STORAGE,
                  "HOST_DISK_FULL",
                  e,
                  Map.of("fileSystem", full.path.toString(), "retryAfterMs", 60_000));
          case SandboxException.RecordsAway _ ->
              problem(
                  HttpStatus.SERVICE_UNAVAILABLE,
                  "DATABASE_UNREACHABLE",
                  e,
                  Map.of("retryAfterMs", 5000));
          case SandboxException.ServiceStopping _ -> stopping(e);
        });
  }

  private static ProblemDetail stopping(SandboxException e) {
    return problem(
        HttpStatus.SERVICE_UNAVAILABLE,
        "SERVICE_STOPPING",
        e,
        Map.of("retryAfterMs", STOP.toMillis()));
  }

  @ExceptionHandler
  ResponseEntity<Object> engine(EngineException e) {
    return answer(
        switch (e) {
          case EngineException.Unreachable _ ->
              problem(
                  HttpStatus.SERVICE_UNAVAILABLE,
                  "ENGINE_UNREACHABLE",
                  e,
                  Map.of("retryAfterMs", 5000));
          case EngineException.Refused refused ->
              problem(
                  HttpStatus.BAD_GATEWAY,
                  "ENGINE_REFUSED",
                  e,
                  Map.of("engineStatus", refused.status));
          case EngineException.RegistryNotAllowed no ->
              problem(
                  HttpStatus.FORBIDDEN,
                  "REGISTRY_NOT_ALLOWED",
                  e,
                  Map.of("image", no.image, "registry", no.registry));
          case EngineException.NoImage missing ->
              problem(
                  missing.code.equals("NO_SPACE")
                      ? HttpStatus.INSUFFICIENT_STORAGE
                      : HttpStatus.UNPROCESSABLE_CONTENT,
                  missing.code,
                  e,
                  Map.of("image", missing.image));
        });
  }

  @ExceptionHandler
  ResponseEntity<Object> supervisor(SupervisorException e) {
    Map<String, Object> sandbox = Map.of("sandbox", e.sandbox.value());
    return answer(
        switch (e) {
          case SupervisorException.Lost _, SupervisorException.Untrusted _ ->
              problem(HttpStatus.BAD_GATEWAY, "SUPERVISOR_LOST", e, sandbox);
          case SupervisorException.TooOld old ->
              problem(
                  HttpStatus.CONFLICT,
                  "SUPERVISOR_TOO_OLD",
                  e,
                  Map.of("sandbox", e.sandbox.value(), "kit", old.version, "lacks", old.lacks));
          case SupervisorException.TooNew young ->
              problem(
                  HttpStatus.NOT_IMPLEMENTED,
                  "SUPERVISOR_TOO_NEW",
                  e,
                  Map.of("sandbox", e.sandbox.value(), "kit", young.version));
          case SupervisorException.Refused refused ->
              problem(
                  refused.code.equals("OUTPUT_LOST")
                      ? HttpStatus.GONE
                      : HttpStatus.UNPROCESSABLE_CONTENT,
                  refused.code,
                  e,
                  sandbox);
        });
  }

  @ExceptionHandler
  ResponseEntity<Object> process(ProcessException e) {
    return switch (e) {
      case ProcessException.NotFound missing ->
          answer(
              problem(
                  HttpStatus.NOT_FOUND,
                  "PROCESS_NOT_FOUND",
                  e,
                  Map.of("sandbox", missing.sandbox.value(), "process", missing.process)));
      case ProcessException.NotStarted refused ->
          answer(
              problem(
                  HttpStatus.UNPROCESSABLE_CONTENT,
                  refused.code,
                  e,
                  Map.of(
                      "cause",
                      "NOT_STARTED",
                      "sandbox",
                      refused.sandbox.value(),
                      "command",
                      refused.command)));
      case ProcessException.BadSignal _ ->
          answer(invalid(List.of(error("signal", e.getMessage()))));
      case ProcessException.Ended over ->
          answer(problem(HttpStatus.CONFLICT, "PROCESS_ENDED", e, where(over.sandbox, over.pid)));
      case ProcessException.Conflict no ->
          answer(problem(HttpStatus.CONFLICT, no.code, e, Map.of("sandbox", no.sandbox.value())));
      case ProcessException.InputFull full -> {
        ProblemDetail detail =
            problem(HttpStatus.CONFLICT, "INPUT_FULL", e, where(full.sandbox, full.pid));
        detail.setProperty("bytes", full.bytes);
        yield answer(detail);
      }
      case ProcessException.KeyReused key ->
          answer(
              problem(
                  HttpStatus.UNPROCESSABLE_CONTENT,
                  "IDEMPOTENCY_KEY_REUSED",
                  e,
                  Map.of("sandbox", key.sandbox.value())));
      case ProcessException.CutOff cut ->
          answer(
              problem(
                  HttpStatus.SERVICE_UNAVAILABLE, "WAIT_CUT_OFF", e, where(cut.sandbox, cut.pid)));
      case ProcessException.NoSuchRange range ->
          ResponseEntity.status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
              .header(HttpHeaders.CONTENT_RANGE, "bytes */" + range.bytes)
              .body(
                  problem(
                      HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                      "NO_SUCH_RANGE",
                      e,
                      Map.of("bytes", range.bytes, "dropped", range.dropped)));
      case ProcessException.Invalid invalid ->
          answer(invalid(List.of(error(invalid.field, e.getMessage()))));
    };
  }

  @ExceptionHandler
  ResponseEntity<Object> template(TemplateException e) {
    Map<String, Object> template = Map.of("template", e.template);
    return answer(
        switch (e) {
          case TemplateException.NotFound _ ->
              problem(HttpStatus.NOT_FOUND, "TEMPLATE_NOT_FOUND", e, template);
          case TemplateException.NotReady late ->
              problem(
                  HttpStatus.CONFLICT,
                  "TEMPLATE_NOT_READY",
                  e,
                  Map.of("template", e.template, "state", late.state));
          case TemplateException.Invalid invalid ->
              invalid(List.of(error(invalid.field, e.getMessage())));
        });
  }

  @ExceptionHandler
  ResponseEntity<Object> files(FileException e) {
    return switch (e) {
      case FileException.Refused refused ->
          answer(
              problem(status(refused.kind), refused.code, e, where(refused.sandbox, refused.path)));
      case FileException.NotNew there ->
          answer(
              problem(
                  HttpStatus.PRECONDITION_FAILED,
                  "FILE_EXISTS",
                  e,
                  where(there.sandbox, there.path)));
      case FileException.BadContent bad ->
          answer(problem(HttpStatus.BAD_REQUEST, "BAD_CONTENT", e, where(bad.sandbox, bad.path)));
      case FileException.NoSuchRange range ->
          ResponseEntity.status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
              .header(HttpHeaders.CONTENT_RANGE, "bytes */" + range.size)
              .body(
                  problem(
                      HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                      "NO_SUCH_RANGE",
                      e,
                      where(range.sandbox, range.path)));
      case FileException.TooManySearches busy ->
          answer(
              problem(
                  HttpStatus.TOO_MANY_REQUESTS,
                  "TOO_MANY_SEARCHES",
                  e,
                  Map.of("sandbox", busy.sandbox.value(), "retryAfterMs", 1000)));
      case FileException.Invalid invalid ->
          answer(invalid(List.of(error(invalid.field, e.getMessage()))));
    };
  }

  private static HttpStatus status(FileException.Refused.Kind kind) {
    return switch (kind) {
      case MISSING -> HttpStatus.NOT_FOUND;
      case IN_THE_WAY -> HttpStatus.CONFLICT;
      case FORBIDDEN -> HttpStatus.FORBIDDEN;
      case FULL -> HttpStatus.INSUFFICIENT_STORAGE;
      case INVALID -> HttpStatus.BAD_REQUEST;
      case OTHER -> HttpStatus.UNPROCESSABLE_CONTENT;
    };
  }

  private static Map<String, Object> where(SandboxId sandbox, String path) {
    return Map.of("sandbox", sandbox.value(), "path", path);
  }

  @ExceptionHandler
  ResponseEntity<Object> registry(RegistryException e) {
    return switch (e) {
      case RegistryException.Invalid invalid ->
          answer(invalid(List.of(error(invalid.field, e.getMessage()))));
    };
  }

  @ExceptionHandler
  ResponseEntity<Object> docker(DockerException e) {
    String sandbox = e.sandbox.value();
    return switch (e) {
      case DockerException.Disabled _ ->
          answer(problem(HttpStatus.CONFLICT, "DOCKER_DISABLED", e, Map.of("sandbox", sandbox)));
      case DockerException.NotReady late -> notReady(late, sandbox);
      case DockerException.Refused no ->
          answer(
              problem(
                  no.status == 404 ? HttpStatus.NOT_FOUND : HttpStatus.BAD_GATEWAY,
                  no.status == 404 ? "DOCKER_NOT_FOUND" : "DOCKER_REFUSED",
                  e,
                  Map.of("sandbox", sandbox, "daemonStatus", no.status)));
      case DockerException.BuilderByPath _ -> {
        ProblemDetail detail =
            problem(
                HttpStatus.NOT_IMPLEMENTED,
                "BUILD_NEEDS_PLAIN_ADDRESS",
                e,
                Map.of("sandbox", sandbox));
        // Docker's clients show this field.
        detail.setProperty("message", e.getMessage());
        yield ResponseEntity.status(HttpStatus.NOT_IMPLEMENTED).body(detail);
      }
      case DockerException.Silent _ ->
          answer(problem(HttpStatus.BAD_GATEWAY, "DOCKER_SILENT", e, Map.of("sandbox", sandbox)));
    };
  }

  @ExceptionHandler
  ResponseEntity<Object> ports(PortsException e) {
    return answer(
        switch (e) {
          case PortsException.Closed closed ->
              problem(
                  HttpStatus.BAD_GATEWAY,
                  "PORT_CLOSED",
                  e,
                  Map.of("sandbox", closed.port.sandbox().value(), "port", closed.port.number()));
          case PortsException.ByPathOff off ->
              problem(
                  HttpStatus.NOT_FOUND,
                  "PORT_BY_PATH_OFF",
                  e,
                  Map.of(
                      "sandbox",
                      off.port.sandbox().value(),
                      "port",
                      off.port.number(),
                      "url",
                      off.url));
          case PortsException.Invalid invalid ->
              invalid(List.of(error(invalid.field, e.getMessage())));
        });
  }

  @ExceptionHandler
  ResponseEntity<Object> proxy(ProxyException e) {
    return answer(
        switch (e) {
          case ProxyException.NoAnswer _ ->
              problem(HttpStatus.BAD_GATEWAY, "NOT_HTTP", e, Map.of());
          case ProxyException.NoWebSocket _ ->
              invalid(List.of(error(HttpHeaders.UPGRADE, e.getMessage())));
          case ProxyException.Late _ ->
              problem(HttpStatus.GATEWAY_TIMEOUT, "ANSWER_TIMEOUT", e, Map.of());
          case ProxyException.TooMany many ->
              problem(
                  HttpStatus.SERVICE_UNAVAILABLE,
                  "TOO_MANY_REQUESTS_UNDER_WAY",
                  e,
                  Map.of("sandbox", many.sandbox.value(), "retryAfterMs", 1000));
        });
  }

  @ExceptionHandler
  ResponseEntity<Object> grants(GrantException e) {
    return switch (e) {
      case GrantException.NotFound missing ->
          answer(
              problem(
                  HttpStatus.NOT_FOUND,
                  "GRANT_NOT_FOUND",
                  e,
                  Map.of("sandbox", missing.sandbox, "grant", missing.grant)));
      case GrantException.NoCertificates _ ->
          answer(
              problem(
                  HttpStatus.FORBIDDEN, "CERTIFICATES_DISABLED", e, Map.of("sandbox", e.sandbox)));
      case GrantException.TooMany many ->
          answer(
              problem(
                  HttpStatus.CONFLICT,
                  "TOO_MANY_GRANTS",
                  e,
                  Map.of("sandbox", many.sandbox, "most", many.most)));
    };
  }

  @ExceptionHandler
  ResponseEntity<Object> sessions(SessionException e) {
    Map<String, Object> session = Map.of("sandbox", e.sandbox.value(), "session", e.session);
    return answer(
        switch (e) {
          case SessionException.NotFound _ ->
              problem(HttpStatus.NOT_FOUND, "SESSION_NOT_FOUND", e, session);
          case SessionException.Exists _ ->
              problem(HttpStatus.CONFLICT, "SESSION_EXISTS", e, session);
          case SessionException.NotMade refused ->
              problem(
                  HttpStatus.UNPROCESSABLE_CONTENT,
                  "SESSION_NOT_MADE",
                  e,
                  Map.of(
                      "sandbox", e.sandbox.value(), "session", e.session, "reason", refused.code));
        });
  }

  @ExceptionHandler
  ResponseEntity<Object> forwards(ForwardException e) {
    Map<String, Object> sandbox = Map.of("sandbox", e.sandbox.value());
    return switch (e) {
      case ForwardException.NotFound _ ->
          answer(problem(HttpStatus.NOT_FOUND, "FORWARD_NOT_FOUND", e, sandbox));
      case ForwardException.Disabled _ ->
          answer(problem(HttpStatus.FORBIDDEN, "FORWARDS_DISABLED", e, sandbox));
      case ForwardException.TooMany _ ->
          answer(problem(HttpStatus.CONFLICT, "TOO_MANY_FORWARDS", e, sandbox));
      case ForwardException.NotListening no ->
          answer(
              problem(
                  HttpStatus.CONFLICT,
                  "CANNOT_LISTEN",
                  e,
                  Map.of("sandbox", no.sandbox.value(), "address", no.address)));
    };
  }

  private static ResponseEntity<Object> notReady(DockerException.NotReady late, String sandbox) {
    ProblemDetail detail =
        problem(
            HttpStatus.SERVICE_UNAVAILABLE,
            "DOCKER_NOT_READY",
            late,
            Map.of("sandbox", sandbox, "state", late.state.name()));
    if (late.logTail != null) {
      detail.setProperty("logTail", late.logTail);
    }
    if (late.retryAfter != null) {
      detail.setProperty("retryAfterMs", late.retryAfter.toMillis());
    }
    return answer(detail);
  }

  private static Map<String, Object> where(SandboxId sandbox, long pid) {
    return Map.of("sandbox", sandbox.value(), "pid", pid);
  }

  @ExceptionHandler
  ResponseEntity<Object> constraint(ConstraintViolationException e) {
    List<Map<String, String>> errors =
        e.getConstraintViolations().stream()
            .map(v -> error(v.getPropertyPath().toString(), v.getMessage()))
            .toList();
    return answer(invalid(errors));
  }

  @Override
  protected ResponseEntity<Object> handleMethodArgumentNotValid(
      MethodArgumentNotValidException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return answer(
        invalid(
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
        invalid(
            e.getParameterValidationResults().stream()
                .flatMap(result -> errors(result).stream())
                .toList()));
  }

  /**
   * Returns the errors of a parameter: of a body by the names of its fields, of anything else by
   * that of the parameter.
   */
  private static List<Map<String, String>> errors(ParameterValidationResult result) {
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
    return answer(
        switch (e.getCause()) {
          case UnrecognizedPropertyException unknown ->
              invalid(List.of(error(path(unknown), "is not a known field")));
          case StreamReadException malformed when malformed.processor() != null ->
              invalid(
                  List.of(
                      error(path(malformed.processor().streamReadContext()), reason(malformed))));
          // Its message would quote the body, which can hold secrets: the place must do.
          case JacksonException malformed ->
              invalid(List.of(error(path(malformed), reason(malformed))));
          case null, default -> invalid(List.of(error("body", "cannot be decoded")));
        });
  }

  @Override
  protected ResponseEntity<Object> handleTypeMismatch(
      TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    String name =
        e instanceof MethodArgumentTypeMismatchException argument
            ? argument.getName()
            : String.valueOf(e.getPropertyName());
    return answer(invalid(List.of(error(name, reason(e)))));
  }

  @ExceptionHandler
  ResponseEntity<Object> tooLarge(BodyBound.ExceededException e) {
    return answer(
        problem(HttpStatus.CONTENT_TOO_LARGE, "BODY_TOO_LARGE", e, Map.of("most", BodyBound.MOST)));
  }

  /** Answers for parameters that are no text: the container says nothing that names them alone. */
  @ExceptionHandler
  ResponseEntity<Object> damaged(InvalidParameterException e, HttpServletRequest request) {
    List<String> names = DamagedQuery.names(request.getQueryString());
    return answer(
        invalid(
            names.isEmpty()
                ? List.of(error("query", "cannot be decoded"))
                : names.stream().map(name -> error(name, "is not UTF-8")).toList()));
  }

  /** Describes the value that was wanted, without repeating the one that was given. */
  private static String reason(TypeMismatchException e) {
    return form(e.getRequiredType());
  }

  /** Describes the form of a value of this type. */
  private static String form(@Nullable Class<?> wanted) {
    if (wanted != null && wanted.isEnum()) {
      return "must be one of "
          + Stream.of(wanted.getEnumConstants())
              .map(String::valueOf)
              .collect(Collectors.joining(", "));
    }
    if (wanted == Duration.class) {
      return QueryDurations.FORM;
    }
    if (wanted == boolean.class || wanted == Boolean.class) {
      return "must be true or false";
    }
    if (wanted == Instant.class) {
      return "must be a time such as 2026-11-01T12:00:00Z";
    }
    if (wanted == String.class) {
      return "must be a text";
    }
    if (wanted != null && Collection.class.isAssignableFrom(wanted)) {
      return "must be a list";
    }
    if (wanted != null && (wanted.isRecord() || Map.class.isAssignableFrom(wanted))) {
      return "must be an object";
    }
    return wanted != null && (wanted.isPrimitive() || Number.class.isAssignableFrom(wanted))
        ? "must be a whole number, and not out of all bounds"
        : "is not of the form that is documented";
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
      mark(detail, known == null ? "ERROR" : known.name());
    }
    return answer;
  }

  @ExceptionHandler
  ResponseEntity<Object> unexpected(RuntimeException e) {
    log.atError().setCause(e).log("request failed for a reason nobody thought of");
    ProblemDetail detail =
        ProblemDetail.forStatusAndDetail(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "The service failed at this for a reason of its own, which its log tells");
    return answer(mark(detail, "INTERNAL"));
  }

  static ProblemDetail problem(
      HttpStatus status, String code, Throwable cause, Map<String, Object> fields) {
    ProblemDetail detail =
        ProblemDetail.forStatusAndDetail(status, String.valueOf(cause.getMessage()));
    fields.forEach(detail::setProperty);
    return mark(detail, code);
  }

  private static ProblemDetail invalid(List<Map<String, String>> errors) {
    String summary =
        errors.stream()
            .map(e -> e.get("field") + " " + e.get("message"))
            .reduce((a, b) -> a + "; " + b)
            .orElse("The request is not valid");
    ProblemDetail detail = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, summary);
    detail.setProperty("errors", errors);
    return mark(detail, "INVALID_REQUEST");
  }

  private static Map<String, String> error(String field, @Nullable String message) {
    return Map.of("field", field, "message", message == null ? "is not valid" : message);
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
      return "is there twice";
    }
    if (e instanceof StreamConstraintsException) {
      return "is nested deeper, has more elements, or has longer numbers or names than any request";
    }
    if (e.getCause() instanceof IllegalArgumentException ours && ours.getMessage() != null) {
      return ours.getMessage();
    }
    return form(e instanceof MismatchedInputException other ? other.getTargetType() : null);
  }

  /**
   * Marks a problem with its code; one of another form, which is not documented, becomes no part of
   * a URI.
   */
  static ProblemDetail mark(ProblemDetail detail, String code) {
    String known = CODE.matcher(code).matches() ? code : "INTERNAL";
    detail.setType(
        java.net.URI.create(
            "urn:caisson:problem:" + known.toLowerCase(Locale.ROOT).replace('_', '-')));
    detail.setProperty("code", known);
    return detail;
  }

  private static ResponseEntity<Object> answer(ProblemDetail detail) {
    ResponseEntity.BodyBuilder answer = ResponseEntity.status(detail.getStatus());
    Map<String, Object> properties = detail.getProperties();
    if (properties != null && properties.get("retryAfterMs") instanceof Number millis) {
      // For clients that know HTTP alone, in its unit.
      answer.header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, millis.longValue() / 1000)));
    }
    return answer.body(detail);
  }
}
