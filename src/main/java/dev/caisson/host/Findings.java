package dev.caisson.host;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * The findings about the host that come from trying.
 *
 * @param preparation of a sandbox for dockerd, as a whole
 * @param toolkit whether what the kit brings for Docker runs
 * @param overlay on the volume of a sandbox
 * @param parentCgroups limits above a sandbox's own cgroup, which the service sets
 * @param wall rules that keep sandboxes away from the host
 * @param rootless what a sandbox needs to make a user namespace for Docker in itself
 * @param diskCount whether the service can count what sandboxes keep in the engine's directories
 * @param diskDevices whether a daemon's data can have a disk of their own
 * @param missingCapabilities that the host's first process does not have, and so no other
 * @param users number of users that sandboxes have of the engine: a file of any other user belongs
 *     to none of them, and an image with one cannot be pulled; 0 where it is unknown
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

  /** The result of a check: whether something works; if not, why. */
  @Schema(name = "HostCheck")
  public record Check(boolean ok, String detail) {
    public static final Check OK = new Check(true, "");

    public static Check failed(String why) {
      return new Check(false, why);
    }

    /** Creates the result of a check; an empty reason says that it works. */
    public static Check of(String failure) {
      return failure.isEmpty() ? OK : failed(failure);
    }
  }

  /** Creates the findings about a host on which nothing could be tried, for this reason. */
  public static Findings none(String why) {
    Check not = Check.failed(why);
    return new Findings(not, not, not, not, not, not, not, not, not, not, not, List.of(), 0, "");
  }
}
