package dev.caisson.sandbox;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of sandboxes, and their defaults where a caller says nothing.
 *
 * @param home state directory; the same path inside and outside when the service runs in a
 *     container
 * @param image the image of a sandbox that names none
 * @param cpu in cores
 * @param pids processes and threads
 * @param disk of all that it keeps: its files, its state and its daemon's data; 0 for no limit
 * @param ttl life without activity of a sandbox that names none
 * @param retention how long an ended sandbox, its processes and their output stay readable
 * @param archiveLimit of the output of all ended sandboxes; the oldest goes first, records stay
 * @param eventsKept how many events are kept at most, of those within the retention
 * @param startDeadline for the supervisor's hello after the container was started
 * @param grace for processes to end by themselves at a termination
 * @param isolation of a sandbox that names none; unset, the best the engine has
 * @param docker what the daemons inside need to know of the host's network
 */
@Validated
@ConfigurationProperties("caisson.sandbox")
public record SandboxProperties(
    @DefaultValue("/var/lib/caisson") @NotNull Path home,
    @DefaultValue("debian:trixie-slim") @NotBlank String image,
    @DefaultValue("1") @Positive double cpu,
    @DefaultValue("2GB") @NotNull DataSize memory,
    @DefaultValue("2048") @Positive int pids,
    @DefaultValue("20GB") @NotNull DataSize disk,
    @DefaultValue("1h") @NotNull Duration ttl,
    @DefaultValue("24h") @NotNull Duration retention,
    @DefaultValue("10GB") @NotNull DataSize archiveLimit,
    @DefaultValue("100000") @Positive int eventsKept,
    @DefaultValue("30s") @NotNull Duration startDeadline,
    @DefaultValue("10s") @NotNull Duration grace,
    @Nullable Isolation isolation,
    @DefaultValue @Valid Docker docker) {

  /**
   * Returns what a sandbox with these resources may keep on the disk in all, in bytes; 0 for no
   * limit.
   */
  public long bound(Resources resources) {
    return resources.disk() > 0 ? resources.disk() : disk.toBytes();
  }

  /**
   * The settings of dockerd in every sandbox.
   *
   * @param registryMirrors pull-through caches, as URLs
   * @param insecureRegistries registries reached without TLS, as host:port
   * @param bridgeAddress of the inner bridge, away from the engine's networks
   * @param addressPool from which inner networks are taken
   * @param mutePatience how long a daemon that has answered may be silent before it is restarted
   * @param startPatience how long one that has not answered yet may be silent, after its first
   *     minute
   * @param diskWarning how full a limited disk is when that is reported, as a part of 1
   * @param pruneAt how full it is when dangling images and build cache are removed; 0 for never
   */
  public record Docker(
      @DefaultValue List<String> registryMirrors,
      @DefaultValue List<String> insecureRegistries,
      @DefaultValue("0") int mtu,
      @DefaultValue("10.201.0.1/24") String bridgeAddress,
      @DefaultValue("10.202.0.0/16") String addressPool,
      @DefaultValue("30s") @NotNull Duration mutePatience,
      @DefaultValue("5m") @NotNull Duration startPatience,
      @DefaultValue("0.85") @DecimalMin("0.1") @DecimalMax("1") double diskWarning,
      @DefaultValue("0.9") @DecimalMin("0") @DecimalMax("1") double pruneAt) {

    /**
     * Returns the hosts with ports of the registries that are named here: sandboxes must reach
     * them.
     */
    public List<String> places() {
      return Stream.concat(
              registryMirrors.stream(), insecureRegistries.stream().map(r -> "http://" + r))
          .map(URI::create)
          .filter(uri -> uri.getHost() != null)
          .map(uri -> uri.getHost() + ":" + port(uri))
          .distinct()
          .toList();
    }

    private static int port(URI uri) {
      return uri.getPort() > 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }
  }
}
