package dev.caisson.access;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of a handler to whom it is open besides whoever has the key. It stands on the handler, since
 * the handler is what a request reaches; one without it needs the key.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Open {

  /** Who may come in. */
  enum To {
    /** Whoever asks. */
    EVERYBODY,
    /** Whoever shows a grant of the sandbox's Docker. */
    DOCKER_GRANT,
    /** Whoever an {@link RoomAdmission} has let in. */
    GUEST
  }

  /** To whom it is open. */
  To value();
}
