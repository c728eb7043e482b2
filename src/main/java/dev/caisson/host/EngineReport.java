package dev.caisson.host;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine's report of itself and of its host.
 *
 * @param product its name: Docker, or Podman that speaks Docker's API
 * @param userNamespaces whether root in a container is an unprivileged user on the host
 * @param securityModules that bound containers, such as apparmor
 * @param missingLimits of cpu, memory and pids, those that it cannot set: its kernel, or the user
 *     who runs it, has no cgroup controller for them
 */
@Schema(name = "Engine")
public record EngineReport(
    @Schema(example = "Docker") String product,
    @Schema(example = "28.3.3") String version,
    @Schema(example = "1.47") String apiVersion,
    String operatingSystem,
    String kernel,
    String architecture,
    int cpus,
    @Schema(description = "Memory in bytes") long memory,
    int cgroupVersion,
    String cgroupDriver,
    String storageDriver,
    boolean userNamespaces,
    List<String> securityModules,
    @Schema(example = "[\"pids\"]") List<String> missingLimits,
    List<OciRuntime> runtimes,
    Kit kit) {
  /** The product of an engine that is Podman, which speaks Docker's API. */
  public static final String PODMAN = "Podman";

  /** Returns whether an ordinary user runs the engine, who is then root in its containers. */
  boolean rootless() {
    return securityModules.contains("rootless");
  }

  /** Returns why the engine can make no sandbox at all; null where no reason is known. */
  public @Nullable Obstacle obstacle() {
    if (product.equals(PODMAN)) {
      return new Obstacle(
          false,
          "the engine is Podman, whose Docker API takes lists of system calls as files of its own"
              + " host only, not from a client",
          "name a Docker engine in caisson.engine.host, or in DOCKER_HOST");
    }
    return missingLimits.isEmpty()
        ? null
        : new Obstacle(
            true,
            "the engine cannot limit " + String.join(", ", missingLimits) + " of a container",
            "enable the cgroup controllers of that name: in the kernel's options"
                + " (cgroup_enable=memory, no cgroup_disable), and for an engine of an ordinary user"
                + " by delegation to him (systemd: Delegate=cpu memory pids of user@.service);"
                + " restart the engine");
  }

  /**
   * An obstacle that keeps the engine from making sandboxes.
   *
   * @param limits whether it is that the engine cannot hold their limits
   */
  public record Obstacle(boolean limits, String reason, String remedy) {}

  /**
   * An OCI runtime that the engine has.
   *
   * @param kind what it is taken for, by its name and path
   */
  @Schema(name = "OciRuntime")
  public record OciRuntime(String name, Kind kind) {}

  /** The kind of a runtime, as far as that matters here. */
  @Schema(name = "RuntimeKind")
  public enum Kind {
    /** runc, crun, youki and the like. */
    RUNC,
    /** A runtime of that kind that hands a sandbox its own cgroup. */
    CAISSON,
    SYSBOX,
    /** A user-space kernel. */
    GVISOR,
    /** Virtual machines. */
    KATA,
    UNKNOWN;

    /** Returns the kind of a runtime, by the name that people give it and by its path. */
    public static Kind of(String name, @Nullable String path) {
      String text = path == null || path.isBlank() ? name : name + " " + path;
      if (name.equals("caisson") || text.contains("runc-delegate")) {
        return CAISSON;
      }
      if (text.contains("sysbox")) {
        return SYSBOX;
      }
      if (text.contains("runsc") || text.contains("gvisor")) {
        return GVISOR;
      }
      if (text.contains("kata")) {
        return KATA;
      }
      return text.contains("runc") || text.contains("crun") || text.contains("youki")
          ? RUNC
          : UNKNOWN;
    }
  }

  /**
   * The images that make sandboxes of any image.
   *
   * @param docker whether its default Docker part is there
   */
  @Schema(name = "Kit")
  public record Kit(
      boolean present,
      boolean docker,
      @Nullable String version,
      @Schema(
              description =
                  "Docker versions that a sandbox can select with docker.version, the default"
                      + " first")
          List<DockerKit> dockerKits) {}

  /**
   * A Docker part of the kit.
   *
   * @param image as it is configured
   * @param present whether the engine has that
   * @param version of Docker in it; null where the image does not say
   * @param isDefault whether a sandbox that asks for no version has it
   */
  @Schema(name = "DockerKit")
  public record DockerKit(
      @Schema(example = "caisson/kit-docker") String image,
      boolean present,
      @Schema(example = "28.5.2") @Nullable String version,
      boolean isDefault) {}
}
