package dev.caisson.sandbox;

import dev.caisson.host.Choice;
import dev.caisson.host.DiskHold;
import dev.caisson.host.EngineReport;
import dev.caisson.host.HostReport;
import dev.caisson.host.Mode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The admission of a sandbox that is asked for, with the isolation it gets: what cannot work on
 * this host is refused before anything is made.
 *
 * @param spec what was asked for, with the version of Docker that it will have where it names one
 * @param versions those that it was chosen from
 */
public record Admission(
    SandboxSpec spec, Isolation isolation, DockerVersions versions, List<String> warnings) {

  /**
   * Checks a spec against the host, and chooses the isolation.
   *
   * @param wanted by the caller, null for what is chosen
   * @throws SandboxException.Unsupported if it cannot work
   */
  public static Admission of(SandboxSpec spec, @Nullable Isolation wanted, HostReport host) {
    fits(spec.resources(), host);
    if (!host.engine().kit().present()) {
      throw new SandboxException.KitMissing();
    }
    held(host);
    Isolation isolation = wanted == null ? chosen(spec, host) : asked(spec, wanted, host);
    DockerVersions versions = DockerVersions.of(host.engine().kit());
    return new Admission(
        spec.withDocker(version(spec, versions)),
        isolation,
        versions,
        warnings(isolation, spec, host));
  }

  /** Returns the shape of the admitted sandbox. */
  public Shape shape() {
    return Shape.of(spec, isolation, versions);
  }

  private static @Nullable String version(SandboxSpec spec, DockerVersions versions) {
    String asked = spec.dockerVersion();
    if (asked == null || !spec.docker()) {
      return null;
    }
    String found = versions.find(asked);
    if (found == null) {
      String there = versions.named();
      throw new SandboxException.Unsupported(
          SandboxErrorCode.DOCKER_VERSION_UNAVAILABLE,
          "no kit on the engine has Docker " + asked,
          "leave docker.version out"
              + (there.isEmpty() ? "" : ", or request one of " + there)
              + "; the operator adds others in caisson.engine.kit-docker-images");
    }
    return found;
  }

  private static void fits(Resources resources, HostReport host) {
    if (resources.cpu() > host.engine().cpus()) {
      throw new SandboxException.Unsupported(
          SandboxErrorCode.TOO_MUCH_CPU,
          "resources.cpu " + resources.cpu() + " exceeds the host's " + host.engine().cpus(),
          "request at most " + host.engine().cpus());
    }
    long memory = host.engine().memory();
    if (memory > 0 && resources.memory() > memory) {
      throw new SandboxException.Unsupported(
          SandboxErrorCode.TOO_MUCH_MEMORY,
          "resources.memory " + resources.memory() + " exceeds the host's " + memory,
          "request at most " + memory + " bytes");
    }
  }

  private static void held(HostReport host) {
    EngineReport.Obstacle obstacle = host.engine().obstacle();
    if (obstacle != null && obstacle.limits()) {
      throw new SandboxException.Unsupported(
          SandboxErrorCode.LIMITS_UNAVAILABLE, obstacle.reason(), obstacle.remedy());
    }
  }

  private static Isolation chosen(SandboxSpec spec, HostReport host) {
    Choice choice = spec.docker() ? host.dockerIsolation() : host.isolation();
    if (!choice.works() || choice.value() == null) {
      throw new SandboxException.Unsupported(
          spec.docker()
              ? SandboxErrorCode.DOCKER_UNAVAILABLE
              : SandboxErrorCode.ISOLATION_UNAVAILABLE,
          choice.reason(),
          choice.remedy());
    }
    return Isolation.of(choice.value());
  }

  private static Isolation asked(SandboxSpec spec, Isolation wanted, HostReport host) {
    Mode mode =
        host.mode(wanted.name())
            .orElseThrow(() ->
                new SandboxException.Unsupported(
                    SandboxErrorCode.ISOLATION_UNAVAILABLE,
                    "the engine has no isolation " + wanted,
                    "register the runtime with the engine, or request another: "
                        + available(host)));
    if (!mode.available()) {
      throw new SandboxException.Unsupported(
          SandboxErrorCode.ISOLATION_UNAVAILABLE,
          wanted + " is not available: " + mode.reason(),
          mode.remedy());
    }
    if (!mode.allowed()) {
      throw new SandboxException.Unsupported(
          SandboxErrorCode.ISOLATION_NOT_ALLOWED,
          "the operator does not allow " + wanted,
          "the operator lists it in caisson.host.isolations");
    }
    if (spec.docker() && !mode.docker()) {
      throw new SandboxException.Unsupported(
          SandboxErrorCode.DOCKER_UNAVAILABLE,
          "no Docker in " + wanted + ": " + mode.reason(),
          mode.remedy());
    }
    return wanted;
  }

  private static String available(HostReport host) {
    return host.modes().stream()
        .filter(mode -> mode.available() && mode.allowed())
        .map(Mode::name)
        .toList()
        .toString();
  }

  private static List<String> warnings(Isolation isolation, SandboxSpec spec, HostReport host) {
    List<String> warnings = new ArrayList<>();
    if (isolation.equals(Isolation.CAPABILITIES)) {
      warnings.add("isolation capabilities is no boundary against a hostile root in the sandbox");
    }
    if (isolation.hasHostsRoot(spec.docker())
        && host.engine().cgroupVersion() == 1
        && !host.findings().parentCgroups().ok()) {
      warnings.add(
          (isolation.equals(Isolation.ROOTLESS)
                  ? "a hostile root can lift the limits: "
                  : "a hostile root can lift the limits and open the host's devices: ")
              + host.findings().parentCgroups().detail());
    }
    if (spec.network() != NetworkMode.NONE && !"isolated".equals(host.network().value())) {
      warnings.add("network: " + host.network().reason());
    }
    warnings.addAll(disk(spec, host));
    return warnings;
  }

  private static List<String> disk(SandboxSpec spec, HostReport host) {
    DiskHold disk = host.disk();
    long asked = spec.resources().disk();
    if (asked == 0 && disk.defaultLimit() == null) {
      return List.of();
    }
    if (disk.enforced() == DiskHold.Held.COUNTED) {
      return List.of("resources.disk is not held: " + disk.reason());
    }
    return asked > 0 && spec.docker() && disk.docker() != DiskHold.Held.DEVICE
        ? List.of(
            "resources.disk is watched for what Docker keeps, too, and not held: "
                + host.findings().diskDevices().detail())
        : List.of();
  }
}
