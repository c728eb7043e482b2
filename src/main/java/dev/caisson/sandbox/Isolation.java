package dev.caisson.sandbox;

/** How a sandbox is held apart from the host; part of every answer. */
public enum Isolation {
  /**
   * Default capabilities, no new privileges: a sandbox without Docker on an engine without userns.
   */
  RUNC,
  /** Root in the sandbox is nobody on the host. */
  USERNS,
  /** More capabilities in the host's user namespace: no boundary against a hostile root. */
  CAPABILITIES
}
