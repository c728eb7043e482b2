package dev.caisson.host;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The operator's decisions about how sandboxes are held apart.
 *
 * @param isolation of a sandbox that names none ({@code caisson.sandbox.isolation}); unset, the
 *     best the engine has
 * @param isolations that a caller may ask for; empty for all that are a boundary, and the default
 * @param dockerRuntimes OCI runtimes that carry a Docker daemon, besides those known to
 * @param parentCgroups whether limits of sandboxes without a boundary are set above their cgroups
 * @param disk of a sandbox that asks for none ({@code caisson.sandbox.disk}); 0 for no limit
 */
@Validated
@ConfigurationProperties("caisson.host")
public record HostProperties(
    @Nullable String isolation,
    @DefaultValue List<String> isolations,
    @DefaultValue List<String> dockerRuntimes,
    @DefaultValue("true") boolean parentCgroups,
    @DefaultValue("20GB") @NotNull DataSize disk,
    @DefaultValue @NotNull Network network) {

  public HostProperties {
    isolation = isolation == null || isolation.isBlank() ? null : isolation;
  }

  /**
   * The settings of what sandboxes can reach.
   *
   * @param isolated whether each has a network of its own; if not, they share the engine's bridge
   * @param pool from which those networks are taken, each a /29
   * @param allow addresses with ports on the host that stay reachable: {@code 172.17.0.1:5000}
   * @param deny networks that no sandbox may reach; the metadata address of clouds is among them
   * @param holders how many networks are kept with a container in them, for sandboxes to be created
   */
  public record Network(
      @DefaultValue("true") boolean isolated,
      @DefaultValue("10.203.0.0/16") @Pattern(regexp = "[0-9.]+/([89]|1[0-9]|2[0-8])") String pool,
      @DefaultValue List<@Pattern(regexp = "[^:]+:[0-9]+") String> allow,
      @DefaultValue("169.254.0.0/16") List<@Pattern(regexp = "[0-9./]+") String> deny,
      @DefaultValue("2") @Min(0) @Max(32) int holders) {

    Network allowing(List<String> more) {
      List<String> all = new ArrayList<>(allow);
      all.addAll(more);
      return new Network(isolated, pool, all, deny, holders);
    }
  }
}
