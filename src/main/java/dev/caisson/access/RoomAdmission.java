package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The word of another room on who comes in without a key to what is its own. */
public interface RoomAdmission {

  /** The decision on a request. */
  enum Verdict {
    ADMITTED,
    REFUSED,
    /** It has been answered already: there is nothing more to do. */
    ANSWERED
  }

  /** Whether this request is that room's; then none of what is open to everybody counts for it. */
  boolean decides(HttpServletRequest request);

  /** Decides on one that brought no key. */
  Verdict admit(HttpServletRequest request, HttpServletResponse response) throws IOException;
}
