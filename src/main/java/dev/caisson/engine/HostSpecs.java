package dev.caisson.engine;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import dev.caisson.engine.kit.KitVolumes;
import dev.caisson.engine.network.EngineFacts;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.NetworkMode;
import dev.caisson.sandbox.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The host's half of a container: limits, mounts, network, and how the sandbox is held apart. */
final class HostSpecs {
  private HostSpecs() {}

  static HostConfig of(Engine.Plan plan, EngineFacts facts, KitVolumes.Names kit) {
    HostConfig host =
        blank(plan.isolation(), plan.docker())
            .withInit(false)
            .withPrivileged(false)
            .withAutoRemove(false)
            .withRestartPolicy(RestartPolicy.noRestart())
            .withLogConfig(
                new LogConfig(
                    LogConfig.LoggingType.JSON_FILE, Map.of("max-size", "5m", "max-file", "2")))
            // The default on cgroup v1 shows and reaches the host's tree.
            .withCgroupnsMode("private")
            .withNetworkMode(plan.network() == NetworkMode.NONE ? "none" : "bridge")
            .withMounts(mounts(plan, kit));
    limit(host, plan.resources());
    if (facts.resource()) {
      host.withUlimits(high(facts.openFiles()));
    }
    isolate(host, plan.isolation(), plan.docker(), facts);
    return host;
  }

  /**
   * Returns the limits of processes (setrlimit) in which databases and search engines start, in the
   * sandbox or in containers in it, which can lower them only. An engine has its own besides, of
   * the day it was packaged: 524288 open files and 8 MiB of locked memory, say. The soft limit of
   * open files stays low for programs that close all there may be.
   *
   * @param openFiles the kernel's own bound (fs.nr_open)
   */
  private static List<Ulimit> high(long openFiles) {
    return List.of(
        new Ulimit("memlock", -1L, -1L),
        new Ulimit("nofile", Math.min(65_536L, openFiles), openFiles),
        new Ulimit("nproc", -1L, -1L));
  }

  /** Returns the configuration on which all else is set. */
  static HostConfig blank(Isolation isolation, boolean docker) {
    return docker && isolation.equals(Isolation.ROOTLESS)
        ? new MaskedHostConfig(Nest.MASKED)
        : HostConfig.newHostConfig();
  }

  private static void limit(HostConfig host, Resources resources) {
    if (resources.cpu() > 0) {
      host.withNanoCPUs(Math.round(resources.cpu() * 1e9));
    }
    if (resources.memory() > 0) {
      // Memory and swap together: the same number leaves no swap.
      host.withMemory(resources.memory()).withMemorySwap(resources.memory());
    }
    if (resources.pids() > 0) {
      host.withPidsLimit((long) resources.pids());
    }
  }

  static void isolate(HostConfig host, Isolation isolation, boolean docker, EngineFacts facts) {
    boolean remaps = facts.host().userns();
    if (isolation.equals(Isolation.USERNS) && !remaps) {
      throw refused("it has no user namespaces (userns-remap), which userns needs");
    }
    if (isolation.hasHostsRoot(docker) && remaps) {
      host.withUsernsMode("host");
    }
    isolation.runtime().ifPresent(host::withRuntime);
    if (!docker) {
      // A list of our own: what an engine allows by default depends on its age, io_uring up to 24.
      host.withSecurityOpts(
          facts.seccomp()
              ? List.of("no-new-privileges", "seccomp=" + Seccomp.plain())
              : List.of("no-new-privileges"));
      return;
    }
    if (isolation.equals(Isolation.RUNC)) {
      throw refused("Docker in a sandbox needs isolation userns, rootless or capabilities");
    }
    if (isolation.equals(Isolation.USERNS) && facts.host().delegates()) {
      host.withRuntime(EngineFacts.DELEGATE);
    }
    boolean nests = isolation.equals(Isolation.ROOTLESS);
    host.withDevices(devices(facts.devices(), nests));
    List<String> security = new ArrayList<>();
    security.add("seccomp=" + (nests ? Seccomp.nest() : Seccomp.profile()));
    if (facts.apparmor()) {
      // Its default profile denies every mount, and so inner containers.
      security.add("apparmor=unconfined");
    }
    if (!nests) {
      // SYS_PTRACE: runc enters a container through /proc/PID/ns of its first process, which only
      // this opens to root where that process is another user's (exec, health checks).
      List<Capability> more =
          new ArrayList<>(
              List.of(Capability.SYS_ADMIN, Capability.NET_ADMIN, Capability.SYS_PTRACE));
      if (isolation.equals(Isolation.CAPABILITIES) && facts.resource()) {
        // Negative oom-scores, and limits above the hard ones, which only the host's root can
        // give to containers. runc refuses what the host itself lacks.
        more.add(Capability.SYS_RESOURCE);
      }
      host.withCapAdd(more.toArray(Capability[]::new));
    }
    host.withSecurityOpts(security);
  }

  /** Returns the devices that containers in it may ask for; a nest itself needs one of them. */
  private static List<Device> devices(List<String> given, boolean nests) {
    return Stream.concat(given.stream(), nests ? Stream.of(Nest.TUN) : Stream.of())
        .distinct()
        .map(path -> new Device("rwm", path, path))
        .toList();
  }

  private static List<Mount> mounts(Engine.Plan plan, KitVolumes.Names kit) {
    List<Mount> mounts = new ArrayList<>();
    // As a mount, not a bind: the engine would make a directory that is missing, as root's.
    mounts.add(
        new Mount()
            .withType(MountType.BIND)
            .withSource(plan.socketDirectory().toString())
            .withTarget("/run/caisson"));
    mounts.add(kit.base().at(KitVolumes.BASE));
    if (plan.docker()) {
      if (kit.docker() == null) {
        throw refused("the Docker part of the kit is not on it; build it with kit/build.sh");
      }
      mounts.add(kit.docker().at(KitVolumes.DOCKER));
    }
    mounts.add(StateVolume.of(plan));
    if (plan.docker() && plan.isolation().equals(Isolation.ROOTLESS)) {
      mounts.add(Nest.proc());
    }
    return mounts;
  }

  private static EngineException.Refused refused(String reason) {
    return new EngineException.Refused(0, "This engine cannot make the sandbox: " + reason, null);
  }
}
