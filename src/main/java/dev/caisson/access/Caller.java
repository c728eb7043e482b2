package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;

/** How a request that was let in came in. */
public enum Caller {
  /** With the service's key, which nobody behind it may see. */
  KEY,
  /** With less than that: what it says of itself is not meant for the service. */
  GUEST;

  /** What a WebSocket subprotocol that brings the key begins with. */
  public static final String KEY_PROTOCOL = "caisson.key.";

  /** What the token of a grant begins with. */
  public static final String TOKEN_PREFIX = Token.PREFIX;

  private static final String MARK = Caller.class.getName();

  void mark(HttpServletRequest request) {
    request.setAttribute(MARK, this);
  }

  /** Of this request; a guest where nothing was marked. */
  public static Caller of(HttpServletRequest request) {
    return request.getAttribute(MARK) instanceof Caller known ? known : GUEST;
  }
}
