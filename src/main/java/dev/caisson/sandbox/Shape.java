package dev.caisson.sandbox;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part of a sandbox that cannot change once it is up; the rest is applied when it is claimed.
 *
 * @param limits those that its isolation does not allow to change later; null where they can change
 * @param proxies of its Docker daemon, which has them from its start
 * @param dockerVersion of its daemon; null for the usual one
 * @param disk of its daemon's data, in bytes; 0 where they have none of their own
 */
public record Shape(
    String image,
    Isolation isolation,
    NetworkMode network,
    boolean docker,
    @Nullable String dockerVersion,
    DockerData data,
    long disk,
    @Nullable Resources limits,
    Map<String, String> proxies) {

  /**
   * Returns the shape of a sandbox with this spec and isolation, where there are these versions.
   */
  public static Shape of(SandboxSpec spec, Isolation isolation, DockerVersions versions) {
    Resources resources = spec.resources();
    return new Shape(
        spec.image(),
        isolation,
        spec.network(),
        spec.docker(),
        spec.docker() ? versions.apart(spec.dockerVersion()) : null,
        spec.data(),
        spec.docker() ? resources.disk() : 0,
        isolation.hasHostsRoot(spec.docker()) ? resources.withoutDisk() : null,
        spec.docker() ? proxies(spec.env()) : Map.of());
  }

  private static Map<String, String> proxies(Map<String, String> env) {
    return env.entrySet().stream()
        .filter(each -> each.getKey().toLowerCase(Locale.ROOT).endsWith("_proxy"))
        .collect(
            java.util.stream.Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * Returns in what this sandbox differs from the one that is asked for, as a word; null if in
   * nothing.
   */
  public @Nullable String differs(Shape wanted) {
    if (!image.equals(wanted.image)) {
      return "IMAGE";
    }
    if (docker != wanted.docker) {
      return "DOCKER";
    }
    if (!Objects.equals(dockerVersion, wanted.dockerVersion)) {
      return "DOCKER_VERSION";
    }
    if (!isolation.equals(wanted.isolation)) {
      return "ISOLATION";
    }
    if (network != wanted.network) {
      return "NETWORK";
    }
    if (disk != wanted.disk) {
      return "DISK";
    }
    if (!data.equals(wanted.data)) {
      return "IMAGES";
    }
    if (!Objects.equals(limits, wanted.limits)) {
      return "RESOURCES";
    }
    return proxies.equals(wanted.proxies) ? null : "PROXY";
  }

  /** Returns a short form without the proxies, whose values are secret. */
  @Override
  public String toString() {
    return "Shape[image=" + image + ", isolation=" + isolation + ", docker=" + docker + "]";
  }
}
