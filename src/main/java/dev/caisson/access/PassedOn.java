package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;

/** A room's word on requests whose path is only begun here, and ended in a sandbox. */
public interface PassedOn {

  /**
   * Tells whether this request is passed on: what of its raw path is read by this service is
   * literal, and what follows is passed on byte for byte.
   */
  boolean passesOn(HttpServletRequest request);
}
