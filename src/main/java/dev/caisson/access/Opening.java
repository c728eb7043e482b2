package dev.caisson.access;

/**
 * The word on a handler of a library, which cannot carry {@link Open}, that it is for everybody.
 */
public interface Opening {

  /**
   * Tells whether a handler is open to everybody.
   *
   * @param pattern by which it was chosen; empty where its mapping names none
   */
  boolean opens(Object handler, String pattern);
}
