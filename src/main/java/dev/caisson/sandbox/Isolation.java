package dev.caisson.sandbox;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The way in which a sandbox is held apart from the host; part of every answer.
 *
 * @param name as callers and operators write it
 */
public record Isolation(@JsonValue String name) {
  /** The pattern of all names, in words of the contract. */
  public static final String NAMES =
      "userns|capabilities|rootless|runc|runtime:[A-Za-z0-9][\\w.-]*";

  // Before the constants, whose constructor needs it.
  private static final Pattern KNOWN = Pattern.compile(NAMES);

  /**
   * Default capabilities, no new privileges: a sandbox without Docker on an engine without userns.
   */
  public static final Isolation RUNC = new Isolation("runc");

  /** Users remapped by the engine: root in the sandbox is an unprivileged user on the host. */
  public static final Isolation USERNS = new Isolation("userns");

  /** More capabilities in the host's user namespace: no boundary against a hostile root. */
  public static final Isolation CAPABILITIES = new Isolation("capabilities");

  /** The usual capabilities and no more; Docker in a user namespace that the sandbox makes. */
  public static final Isolation ROOTLESS = new Isolation("rootless");

  private static final String RUNTIME = "runtime:";

  public Isolation {
    if (!KNOWN.matcher(name).matches()) {
      throw new IllegalArgumentException("no isolation: " + name);
    }
  }

  /** Returns the isolation of this name; records of an older service have it in capitals. */
  @JsonCreator
  public static Isolation of(String name) {
    return new Isolation(name.startsWith(RUNTIME) ? name : name.toLowerCase(Locale.ROOT));
  }

  /**
   * Returns whether root in such a sandbox is root on the host, also where the engine remaps users.
   *
   * @param docker whether the sandbox has a Docker daemon
   */
  public boolean hasHostsRoot(boolean docker) {
    return equals(CAPABILITIES) || (docker && equals(ROOTLESS));
  }

  /** Returns the OCI runtime that was asked for by name. */
  public Optional<String> runtime() {
    return name.startsWith(RUNTIME)
        ? Optional.of(name.substring(RUNTIME.length()))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
