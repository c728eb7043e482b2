package dev.caisson.host;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * What was found out by trying.
 *
 * @param preparation of a sandbox for dockerd, as a whole
 * @param toolkit whether what the kit brings for Docker runs
 * @param overlay on the volume of a sandbox
 * @param parentCgroups limits above a sandbox's own cgroup, which the service sets
 * @param wall rules that keep sandboxes away from the host
 * @param rootless what a sandbox needs to make a user namespace for Docker in itself
 * @param diskCount whether the service can count what sandboxes keep in the engine's directories
 * @param diskDevices whether a daemon's data can have a disk of their own
 * @param missingCapabilities that the host's first process does not have, and so nobody
 * @param users that sandboxes have of the engine: a file of any other is nobody's, and an image
 *     with one cannot be pulled; 0 where nothing told
 * @param resolver lines of a resolv.conf, parted by semicolons
 */
@Schema(name = "HostFindings")
public record Findings(
    Check preparation,
    Check toolkit,
    Check overlay,
    Check nftables,
    Check legacyTables,
    Check userNamespaces,
    Check parentCgroups,
    Check wall,
    Check rootless,
    Check diskCount,
    Check diskDevices,
    List<String> missingCapabilities,
    long users,
    @JsonIgnore String resolver) {

  /** Whether something works; if not, why. */
  @Schema(name = "HostCheck")
  public record Check(boolean ok, String detail) {
    public static final Check OK = new Check(true, "");

    public static Check failed(String why) {
      return new Check(false, why);
    }

    /** An empty reason says that it works. */
    public static Check of(String failure) {
      return failure.isEmpty() ? OK : failed(failure);
    }
  }

  /** Nothing could be tried. */
  public static Findings none(String why) {
    Check not = Check.failed(why);
    return new Findings(not, not, not, not, not, not, not, not, not, not, not, List.of(), 0, "");
  }
}
