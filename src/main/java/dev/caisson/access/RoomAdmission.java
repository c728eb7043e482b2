package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The word of another room on callers that come without a key to what is its own. */
public interface RoomAdmission {

  /** The decision on a request. */
  enum Verdict {
    ADMITTED,
    REFUSED,
    /** An answer has been sent already: there is nothing more to do. */
    ANSWERED
  }

  /**
   * Tells whether this request is that room's; then nothing that is open to all callers counts for
   * it.
   */
  boolean decides(HttpServletRequest request);

  /** Decides on a request that brought no key. */
  Verdict admit(HttpServletRequest request, HttpServletResponse response) throws IOException;
}
