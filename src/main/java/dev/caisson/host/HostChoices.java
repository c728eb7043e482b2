package dev.caisson.host;

import dev.caisson.host.EngineReport.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The choices that follow from the facts: pure, so that every host can be tried in a test. */
final class HostChoices {
  static final String RUNTIME = "runtime:";

  /**
   * The number of users that suffices for any user of an image, even one of a directory service.
   */
  private static final long USERS_OF_IMAGES = 1L << 31;

  /**
   * The remedy for an engine without root, which neither remaps users nor mounts the proc that
   * rootless needs.
   */
  private static final String ROOTS_ENGINE =
      "let root run the engine (this one is rootless), and name it in caisson.engine.host, or in"
          + " DOCKER_HOST";

  private static final Set<Kind> CARRY_DOCKER = Set.of(Kind.CAISSON, Kind.SYSBOX, Kind.KATA);

  private final EngineReport engine;
  private final Findings findings;
  private final HostProperties properties;

  HostChoices(EngineReport engine, Findings findings, HostProperties properties) {
    this.engine = engine;
    this.findings = findings;
    this.properties = properties;
  }

  /** Returns the modes in the order in which they are to be preferred. */
  List<Mode> modes() {
    List<Mode> modes = new ArrayList<>();
    modes.add(userns());
    modes.add(rootless());
    modes.add(capabilities());
    modes.add(runc());
    engine.runtimes().forEach(runtime -> modes.add(runtime(runtime)));
    EngineReport.Obstacle obstacle = engine.obstacle();
    if (obstacle != null) {
      modes.replaceAll(mode -> mode.unavailable(obstacle.reason(), obstacle.remedy()));
    }
    return modes;
  }

  private Mode userns() {
    if (!engine.userNamespaces()) {
      return mode(
          "userns",
          false,
          false,
          "the engine does not remap users",
          engine.rootless()
              ? ROOTS_ENGINE
              : "set userns-remap to default in the engine's daemon.json, and restart it; kit/prepare.sh"
                  + " prints what is missing, and does it");
    }
    Mode mode =
        mode(
            "userns",
            true,
            true,
            "the engine remaps users: root in a sandbox is nobody on the host",
            null);
    Mode docker = docker(mode);
    if (docker.docker() && !findings.preparation().ok()) {
      return mode.withDocker(
          false,
          "Docker cannot run in it: " + findings.preparation().detail(),
          delegates()
              ? "the engine's runtime caisson is to give a sandbox its cgroup, and did not:"
                  + " compare kit/runc-delegate.sh with what the engine has"
              : "register the runtime caisson with the engine (kit/runc-delegate.sh), as"
                  + " kit/engine.sh does");
    }
    return docker;
  }

  private boolean delegates() {
    return engine.runtimes().stream().anyMatch(runtime -> runtime.kind() == Kind.CAISSON);
  }

  private Mode capabilities() {
    String holds =
        engine.cgroupVersion() == 1 && !findings.parentCgroups().ok()
            ? "; a hostile root can lift its limits and open the host's devices"
            : "";
    return docker(
        mode(
            "capabilities",
            true,
            false,
            "any engine has it; it is no boundary against a hostile root" + holds,
            null));
  }

  private Mode rootless() {
    // In fact no limit can be lifted on version 2 either, unless its tree is mounted without
    // nsdelegate, which no distribution does.
    boolean holds = engine.cgroupVersion() != 1 || findings.parentCgroups().ok();
    String limits = holds ? "" : "; a hostile root can lift its limits";
    boolean works = findings.rootless().ok();
    Mode mode =
        new Mode(
            "rootless",
            works,
            // Where users are remapped it is less than what one gets without asking for it.
            allowed("rootless", works && holds && !engine.userNamespaces()),
            works,
            works && holds,
            works
                ? "the usual capabilities; Docker is in a user namespace that the sandbox makes"
                    + limits
                : "the sandbox cannot make a user namespace for Docker: "
                    + findings.rootless().detail(),
            works
                ? null
                : engine.rootless()
                    ? ROOTS_ENGINE
                    : "a kernel of 5.11 or later with user namespaces (sysctl user.max_user_namespaces)"
                        + " and /dev/net/tun; no AppArmor rule against them (sysctl"
                        + " kernel.apparmor_restrict_unprivileged_userns=0)");
    return works ? docker(mode) : mode;
  }

  private Mode runc() {
    return mode(
            "runc",
            !engine.userNamespaces(),
            true,
            engine.userNamespaces()
                ? "every sandbox of this engine has user namespaces: userns is more"
                : "the engine's default capabilities, and no new privileges",
            null)
        .withDocker(
            false,
            engine.userNamespaces()
                ? "every sandbox of this engine has user namespaces: userns is more"
                : "the engine's default capabilities, and no new privileges; Docker needs more",
            "choose userns, rootless or capabilities for Docker");
  }

  private Mode runtime(EngineReport.OciRuntime runtime) {
    String name = RUNTIME + runtime.name();
    // What isolates then is what isolates without it.
    boolean boundary =
        engine.userNamespaces()
            || Set.of(Kind.SYSBOX, Kind.GVISOR, Kind.KATA).contains(runtime.kind());
    Mode mode =
        mode(name, true, boundary, "the engine has it; it is taken for " + runtime.kind(), null);
    boolean carries =
        CARRY_DOCKER.contains(runtime.kind())
            || properties.dockerRuntimes().contains(runtime.name());
    if (!carries) {
      return mode.withDocker(
          false,
          mode.reason() + ", which is not known to carry a Docker daemon",
          "if it does, name it in caisson.host.docker-runtimes");
    }
    return docker(mode);
  }

  /** Returns the mode, without Docker where the host lacks what Docker needs in every mode. */
  private Mode docker(Mode mode) {
    if (!engine.kit().docker()) {
      return mode.withDocker(
          false,
          mode.reason() + "; Docker cannot be had, since the kit's Docker part is not there",
          "build it with kit/build.sh");
    }
    if (!findings.toolkit().ok()) {
      return mode.withDocker(
          false,
          mode.reason()
              + "; Docker cannot be had, since what the kit brings for it does not run: "
              + findings.toolkit().detail(),
          "build the kit anew with kit/build.sh, and ask GET /v1/host?refresh=true");
    }
    if (!findings.overlay().ok()) {
      return mode.withDocker(
          false,
          mode.reason() + "; Docker cannot be had: " + findings.overlay().detail(),
          "put the engine's data directory on a file system that overlays can lie on (ext4, xfs)");
    }
    if (!tables()) {
      return mode.withDocker(
          false,
          mode.reason()
              + "; Docker cannot be had, since the kernel has no tables for its rules: "
              + findings.nftables().detail(),
          "load nf_tables, or ip_tables and iptable_nat, into the host's kernel");
    }
    return mode;
  }

  private Mode mode(
      String name, boolean available, boolean boundary, String reason, @Nullable String remedy) {
    return new Mode(name, available, allowed(name, boundary), available, boundary, reason, remedy);
  }

  /**
   * Returns whether callers may ask for a mode: it is on the operator's list or, where that is
   * empty, cannot harm; the default of sandboxes may always be asked for, since they get it anyway.
   */
  private boolean allowed(String name, boolean boundary) {
    if (name.equals(properties.isolation()) || properties.isolations().contains(name)) {
      return true;
    }
    return properties.isolations().isEmpty() && boundary;
  }

  /** Returns the choice for a sandbox that names none. */
  Choice isolation(List<Mode> modes, boolean docker) {
    String wanted = properties.isolation();
    if (wanted != null && (docker || !wanted.equals("capabilities"))) {
      Mode mode = find(modes, wanted);
      return mode == null
          ? new Choice(wanted, false, "configured, and nothing this host has", remedy())
          : new Choice(
              wanted,
              docker ? mode.docker() : mode.available(),
              "configured; " + mode.reason(),
              mode.remedy());
    }
    String best = engine.userNamespaces() ? "userns" : docker ? "rootless" : "runc";
    Mode mode = find(modes, best);
    if (mode == null) {
      return new Choice(null, false, "nothing is known of " + best, null);
    }
    if (docker && !engine.userNamespaces() && !mode.boundary()) {
      Mode trusted = find(modes, "capabilities");
      if (trusted != null && trusted.docker()) {
        return noBoundary(mode);
      }
    }
    return new Choice(
        best, docker ? mode.docker() : mode.available(), mode.reason(), mode.remedy());
  }

  /**
   * Returns a choice without a value: Docker without a boundary is the operator's to choose, never
   * what a caller gets unasked.
   */
  private Choice noBoundary(Mode rootless) {
    return new Choice(
        null,
        false,
        "this host has no isolation for Docker that holds against a hostile root: the engine does"
            + " not remap users, and of rootless: "
            + rootless.reason(),
        "one of: "
            + (engine.rootless()
                ? ROOTS_ENGINE + "; "
                : "kit/prepare.sh apply on the engine's host, which sets userns-remap in its"
                    + " daemon.json and registers the runtime caisson; "
                    + (rootless.remedy() == null ? "" : "for rootless " + rootless.remedy() + "; "))
            + "register an OCI runtime that isolates (sysbox, Kata) and ask for runtime:NAME; for"
            + " trusted use only, set caisson.sandbox.isolation=capabilities");
  }

  private static String remedy() {
    return "set caisson.sandbox.isolation to one of the modes of GET /v1/host, or leave it out";
  }

  private static @Nullable Mode find(List<Mode> modes, String name) {
    return modes.stream().filter(mode -> mode.name().equals(name)).findFirst().orElse(null);
  }

  Choice storageDriver() {
    return findings.overlay().ok()
        ? new Choice("overlay2", true, "an overlay can be mounted on a sandbox's volume", null)
        : new Choice(
            null,
            false,
            findings.overlay().detail(),
            "vfs would work and fill the disk; it is not chosen in its place");
  }

  Choice network() {
    if (!properties.network().isolated()) {
      return new Choice(
          "shared",
          true,
          "configured: sandboxes share the engine's bridge, and reach each other and the host",
          "set caisson.host.network.isolated");
    }
    if (findings.wall().ok()) {
      return new Choice(
          "isolated",
          true,
          "a network for each sandbox, and rules that keep them away from the host",
          null);
    }
    return new Choice(
        "separate",
        true,
        "a network for each sandbox; the rules that keep them away from the host could not be made:"
            + " "
            + findings.wall().detail(),
        wallRemedy());
  }

  private String wallRemedy() {
    // Those of IPv4 could: the engine has made no use of IPv6, and so loaded nothing for it.
    if (findings.wall().detail().startsWith("IPv6: ")) {
      return "load nf_tables, or ip6table_mangle, into the host's kernel (modprobe), and ask GET"
          + " /v1/host?refresh=true";
    }
    return tables()
        ? "let the engine run containers in the host's network with NET_ADMIN"
        : "load nf_tables, or ip_tables and iptable_mangle, into the host's kernel (modprobe), and"
            + " ask GET /v1/host?refresh=true";
  }

  /** Returns whether the kernel has any of the two kinds of tables. */
  private boolean tables() {
    return findings.nftables().ok() || findings.legacyTables().ok();
  }

  DiskHold disk() {
    long most = properties.disk().toBytes();
    Long limit = most == 0 ? null : most;
    boolean counts = findings.diskCount().ok();
    DiskHold.Held rest = counts ? DiskHold.Held.WATCHED : DiskHold.Held.COUNTED;
    DiskHold.Held docker = findings.diskDevices().ok() ? DiskHold.Held.DEVICE : rest;
    return counts
        ? new DiskHold(
            rest, docker, limit, "what a sandbox keeps is counted, and it is ended beyond it", null)
        : new DiskHold(
            rest,
            docker,
            limit,
            "the engine counts what a sandbox keeps, about once a minute, and it is ended after"
                + " that; it leaves out /etc/hosts and its like: "
                + findings.diskCount().detail(),
            "run the service as root on the engine's own host, or let it read the engine's"
                + " directory at the same path");
  }

  List<String> warnings(Choice docker, Choice network) {
    List<String> warnings = new ArrayList<>();
    if (!engine.kit().present()) {
      warnings.add(
          "The kit is not on the engine: no sandbox can be made. Build it with kit/build.sh");
    }
    for (EngineReport.DockerKit kit : engine.kit().dockerKits()) {
      if (!kit.isDefault() && kit.version() == null) {
        warnings.add(
            "No sandbox can ask for the Docker of "
                + kit.image()
                + ": "
                + (kit.present()
                    ? "the image does not say its version"
                    : "the image is not on the engine")
                + ". Build it with kit/build.sh, and ask GET /v1/host?refresh=true");
      }
    }
    EngineReport.Obstacle obstacle = engine.obstacle();
    if (obstacle != null) {
      warnings.add("No sandbox can be made: " + obstacle.reason());
    }
    if (!docker.works()) {
      warnings.add("No sandbox can have Docker: " + docker.reason());
    }
    if ("capabilities".equals(docker.value())) {
      warnings.add(
          "Sandboxes with Docker have no boundary against a hostile root: for trusted use only");
    }
    if (!"isolated".equals(network.value())) {
      warnings.add("Network: " + network.reason());
    }
    if (disk().enforced() == DiskHold.Held.COUNTED) {
      warnings.add("Disk: " + disk().reason());
    }
    if (findings.missingCapabilities().contains("CAP_SYS_RESOURCE")) {
      warnings.add(
          "The host lacks CAP_SYS_RESOURCE: no negative oom-score and no limit above the hard one"
              + " in inner containers");
    }
    if (engine.userNamespaces() && findings.users() > 0 && findings.users() < USERS_OF_IMAGES) {
      warnings.add(
          "Sandboxes have "
              + findings.users()
              + " users: no image with a file of a higher one can be pulled, and nobody can become"
              + " one. Give dockremap 2147483648 in /etc/subuid and /etc/subgid, and restart the"
              + " engine");
    }
    return warnings;
  }
}
