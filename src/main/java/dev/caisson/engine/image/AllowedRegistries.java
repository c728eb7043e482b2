package dev.caisson.engine.image;

import dev.caisson.sandbox.EngineException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The registries that the engine may be asked for on a caller's account. It stands in the host's
 * own network: without a bound, a caller could have it knock at every port that the host reaches.
 */
public final class AllowedRegistries {
  /** Every registry but those of this machine and of private networks. */
  static final String PUBLIC = "public";

  private static final Pattern ENTRY =
      Pattern.compile("(?:(?:\\*\\.)?[A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:]+])(?::\\d{1,5})?");

  private final String own;
  private final boolean anyPublic;
  private final List<RegistryHost> named;

  /**
   * Creates the list of a setting's registries.
   *
   * @param own the image that the operator has chosen, which may come from anywhere
   * @throws IllegalArgumentException if an entry is neither {@code public} nor a registry
   */
  public AllowedRegistries(List<String> entries, String own) {
    this.own = own.strip();
    List<String> plain = entries.stream().map(String::strip).toList();
    this.anyPublic = plain.contains(PUBLIC);
    this.named =
        plain.stream()
            .filter(entry -> !entry.equals(PUBLIC))
            .map(AllowedRegistries::checked)
            .toList();
  }

  private static RegistryHost checked(String entry) {
    if (!ENTRY.matcher(entry).matches()) {
      throw new IllegalArgumentException(
          "\""
              + entry
              + "\" in caisson.sandbox.images.registries is not a registry; examples are"
              + " registry.example.com, 10.0.0.7:5000 or *.example.com");
    }
    return RegistryHost.parse(entry);
  }

  /**
   * Lets an image pass that may be pulled.
   *
   * @throws EngineException.RegistryNotAllowed if its registry is none of these
   */
  void check(ImageReference image) {
    RegistryHost registry = RegistryHost.parse(image.registry());
    if ((anyPublic && registry.isPublic())
        || named.stream().anyMatch(registry::isOf)
        || image.equals(ImageReference.parse(own))) {
      return;
    }
    throw new EngineException.RegistryNotAllowed(image.value(), image.registry());
  }
}
