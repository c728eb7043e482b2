package dev.caisson.supervisor.wire;

import java.io.IOException;

/** What a sandbox said breaks the rules of the wire; its message quotes nothing of that. */
public final class BrokenRuleException extends IOException {
  private static final long serialVersionUID = 1L;

  public BrokenRuleException(String why) {
    super(why);
  }
}
