package dev.caisson.access;

/**
 * The word on a handler of a library, which cannot carry {@link Open}, that it is for all callers.
 */
public interface Opening {

  /**
   * Tells whether a handler is open to all callers.
   *
   * @param pattern by which it was chosen; empty where its mapping names none
   */
  boolean opens(Object handler, String pattern);
}
