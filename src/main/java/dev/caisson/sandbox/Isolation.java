package dev.caisson.sandbox;

import org.jspecify.annotations.Nullable;

/** How a sandbox is held apart from the host; part of every answer. */
public enum Isolation {
  /**
   * Default capabilities, no new privileges: a sandbox without Docker on an engine without userns.
   */
  RUNC,
  /** Root in the sandbox is nobody on the host. */
  USERNS,
  /** More capabilities in the host's user namespace: no boundary against a hostile root. */
  CAPABILITIES;

  /**
   * What a sandbox gets on this host.
   *
   * @param wanted what is configured, null for the best there is
   * @throws SandboxException.Unsupported if the host does not have what is configured
   */
  static Isolation on(Engine.Host host, boolean docker, @Nullable Isolation wanted) {
    if (!docker) {
      return host.userns() ? USERNS : RUNC;
    }
    if (wanted == USERNS && !host.userns()) {
      throw new SandboxException.Unsupported(
          "Isolation userns is configured, but the engine does not remap users: set userns-remap in"
              + " its daemon.json, or configure capabilities (trusted use only)");
    }
    if (wanted != null && wanted != RUNC) {
      return wanted;
    }
    return host.userns() ? USERNS : CAPABILITIES;
  }
}
