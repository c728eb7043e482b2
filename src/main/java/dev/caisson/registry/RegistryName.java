package dev.caisson.registry;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A registry by its host, and port if it has one; Docker Hub is {@code docker.io}. */
record RegistryName(String value) implements Comparable<RegistryName> {
  static final int MOST_CHARACTERS = 255;

  private static final Pattern FORM =
      Pattern.compile("([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:]+])(:[0-9]{1,5})?");
  private static final Set<String> HUB =
      Set.of("index.docker.io", "registry-1.docker.io", "registry.hub.docker.com");

  RegistryName {
    if (!FORM.matcher(value).matches() || value.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException("not a registry: " + value);
    }
  }

  /**
   * Parses the name of a registry.
   *
   * @throws RegistryException.Invalid if it cannot be one
   */
  static RegistryName parse(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    try {
      return new RegistryName(HUB.contains(name) ? "docker.io" : name);
    } catch (IllegalArgumentException e) {
      throw new RegistryException.Invalid(
          "registry", "must be a host, optionally with a port, such as ghcr.io");
    }
  }

  @Override
  public int compareTo(RegistryName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
