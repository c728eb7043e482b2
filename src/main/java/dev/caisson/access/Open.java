package dev.caisson.access;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The mark on a handler that says to whom it is open besides callers with the key. It stands on the
 * handler, since the handler is what a request reaches; one without it needs the key.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Open {

  /** The callers that may come in. */
  enum To {
    /** All callers. */
    EVERYBODY,
    /** Callers that show a grant of the sandbox's Docker. */
    DOCKER_GRANT,
    /** Callers that a {@link RoomAdmission} has let in. */
    GUEST
  }

  /** Returns to whom the handler is open. */
  To value();
}
