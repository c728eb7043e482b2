package dev.caisson.supervisor.wire;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The bounds within which the service accepts an answer, or a component of it, since it comes from
 * a sandbox. A component without bounds of its own has the defaults; a supervisor does not look at
 * them.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
@interface Bounds {
  /** The last microsecond of the year 9999, as a time since the epoch. */
  long LAST_MOMENT = 253_402_300_799_999_999L;

  /** The most bytes: of a text as UTF-8, of each text in a list, of a whole frame. */
  int bytes() default 64 << 10;

  /** The most elements of a list or map. */
  int elements() default 10_000;

  /** True if a longer value is cut; otherwise it breaks the rules. */
  boolean cut() default false;

  /** The form of a text. */
  Form form() default Form.ANY;

  /** The least number. */
  long least() default Long.MIN_VALUE;

  /** The largest number. */
  long most() default Long.MAX_VALUE;

  /** The forms of text. */
  enum Form {
    /** Anything: what a file can be called. */
    ANY,
    /** A line for a person: what a terminal or a log would obey is replaced. */
    LINE,
    /** Printable ASCII without spaces; anything else breaks the rules. */
    WORD,
    /** An error's code, {@code [A-Z][A-Z0-9_]{0,39}}; anything else breaks the rules. */
    CODE
  }
}
