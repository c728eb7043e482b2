package dev.caisson.supervisor.wire;

import java.io.IOException;

/**
 * A message from a sandbox that breaks the rules of the wire; the exception's text quotes nothing
 * of it.
 */
public final class BrokenRuleException extends IOException {
  private static final long serialVersionUID = 1L;

  public BrokenRuleException(String why) {
    super(why);
  }
}
