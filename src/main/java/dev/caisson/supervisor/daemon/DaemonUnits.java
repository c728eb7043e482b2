package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.daemon.Units.Unit;
import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.setup.Uplink;
import dev.caisson.supervisor.wire.Request.DockerPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The command lines of the two daemons. Everything is said on them: dockerd refuses to start when
 * an option is there and in a {@code daemon.json} as well, so the image's one is never read.
 */
final class DaemonUnits {

  static final String STORAGE_DRIVER = "overlay2";

  /**
   * An address that belongs to no host, by which containers in a nest reach what listens in the
   * sandbox.
   */
  private static final String SANDBOX_SEEN_FROM_NEST = "203.0.113.113";

  /**
   * The MTU of pasta's interface, in bytes; pasta ends connections itself, so small packets would
   * only make them slow.
   */
  private static final int NEST_MTU = 65520;

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /**
   * The variables handed on to the daemons: pulls go through the proxy that the sandbox's processes
   * use.
   */
  private static final List<String> HANDED_ON =
      List.of(
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "TZ");

  /** The places where Go programs look for certificates. */
  private static final List<String> CERTIFICATES =
      List.of(
          "etc/ssl/certs/ca-certificates.crt",
          "etc/pki/tls/certs/ca-bundle.crt",
          "etc/ssl/ca-bundle.pem",
          "etc/pki/tls/cacert.pem",
          "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
          "etc/ssl/cert.pem");

  private final DaemonLayout layout;
  private final DockerPlan plan;
  private final Map<String, String> env;

  /**
   * @param env of the sandbox; what the daemons need of it is handed on, the rest is not theirs
   */
  DaemonUnits(DaemonLayout layout, DockerPlan plan, Map<String, String> env) {
    this.layout = layout;
    this.plan = plan;
    this.env = env;
  }

  Unit containerd() {
    return new Unit(
        Units.CONTAINERD,
        line(
            program("containerd"),
            "--config",
            layout.toolkit().resolve("containerd.toml").toString(),
            "--address",
            layout.containerdSocket().toString(),
            "--root",
            layout.containerdData().toString(),
            "--state",
            layout.containerdState().toString()),
        environment(false));
  }

  Unit dockerd(boolean legacyFirewall) {
    List<String> line = line(program("dockerd"));
    if (!layout.isNested()) {
      // It writes the settings of IPv6 that it sees, which are read-only here; a nest hides them.
      line.addAll(0, List.of(program("nest"), "settle", "--"));
    }
    option(line, "--config-file", layout.dockerConfig());
    option(line, "--host", "unix://" + layout.dockerSocket());
    option(line, "--containerd", layout.containerdSocket());
    option(line, "--pidfile", layout.dockerPidFile());
    option(line, "--exec-root", layout.dockerState());
    option(line, "--data-root", layout.dockerData());
    line.add("--live-restore");
    // By name: where it cannot be had, the choice would fall on vfs in silence.
    option(line, "--storage-driver", STORAGE_DRIVER);
    // The other driver asks a systemd that no sandbox has.
    option(line, "--exec-opt", "native.cgroupdriver=cgroupfs");
    option(line, "--init-path", program("docker-init"));
    if (layout.isNested()) {
      option(line, "--userland-proxy-path", layout.fronts().resolve("docker-proxy"));
      option(line, "--host-gateway-ip", SANDBOX_SEEN_FROM_NEST);
      option(line, "--mtu", NEST_MTU);
      option(line, "--default-network-opt", "bridge=com.docker.network.driver.mtu=" + NEST_MTU);
    } else {
      option(line, "--userland-proxy-path", program("docker-proxy"));
    }
    // Unbounded by default, until the disk is full.
    option(line, "--log-driver", "json-file");
    option(line, "--log-opt", "max-size=10m");
    option(line, "--log-opt", "max-file=3");
    for (String mirror : plan.registryMirrors()) {
      option(line, "--registry-mirror", mirror);
    }
    insecureRegistries().forEach(registry -> option(line, "--insecure-registry", registry));
    if (!layout.isNested()) {
      mtu(line);
    }
    if (plan.bridgeAddress() != null) {
      option(line, "--bip", plan.bridgeAddress());
    }
    if (plan.addressPool() != null) {
      option(line, "--default-address-pool", "base=" + plan.addressPool() + ",size=24");
    }
    return new Unit(Units.DOCKERD, line, environment(legacyFirewall));
  }

  /**
   * Sets the MTU to that of the way out of the sandbox, unless the plan has one: larger packets
   * would be lost on it. Applies to the default bridge, and to networks that compose, builds or
   * users make.
   */
  private void mtu(List<String> line) {
    int mtu = plan.mtu() > 0 ? plan.mtu() : Uplink.mtu(layout.root());
    if (mtu > 0) {
      option(line, "--mtu", mtu);
      option(line, "--default-network-opt", "bridge=com.docker.network.driver.mtu=" + mtu);
    }
  }

  /**
   * Returns the registries to be reached without TLS: a pull believes the scheme of a mirror, a
   * build asks it by TLS unless it is among these.
   */
  private Set<String> insecureRegistries() {
    Set<String> all = new LinkedHashSet<>(plan.insecureRegistries());
    plan.registryMirrors().stream()
        .filter(mirror -> mirror.startsWith("http://"))
        .map(mirror -> mirror.substring("http://".length()).replaceFirst("/.*", ""))
        .forEach(all::add);
    return all;
  }

  /**
   * Returns whether dockerd ended because the kernel has no nftables, so that the older tables are
   * to be used from now on. The last text is of a kernel that has all of nfnetlink but that.
   */
  static boolean wantsLegacyFirewall(String tail) {
    return tail.contains("Failed to initialize nft")
        || tail.contains("nf_tables: Protocol not")
        || tail.contains("Could not fetch rule set generation id: Invalid argument");
  }

  private Map<String, String> environment(boolean legacyFirewall) {
    Map<String, String> result = new HashMap<>();
    for (String name : HANDED_ON) {
      String value = env.get(name);
      if (value != null) {
        result.put(name, value);
      }
    }
    String path =
        String.join(
            ":",
            layout.fronts().toString(),
            layout.toolkit().resolve("bin").toString(),
            env.getOrDefault("PATH", DEFAULT_PATH),
            layout.helpers().toString());
    result.put("PATH", legacyFirewall ? layout.toolkit().resolve("bin-legacy") + ":" + path : path);
    result.put("HOME", "/root");
    result.put("XTABLES_LIBDIR", layout.toolkit().resolve("lib/xtables").toString());
    if (CERTIFICATES.stream().map(layout.root()::resolve).noneMatch(Files::exists)) {
      result.putIfAbsent(
          "SSL_CERT_FILE", layout.toolkit().resolve("ca-certificates.crt").toString());
    }
    return result;
  }

  /**
   * Returns the command line, in a nest behind the program that enters it and then becomes the
   * daemon: the pid is the daemon's.
   */
  private List<String> line(String... words) {
    List<String> line = new ArrayList<>();
    if (layout.isNested()) {
      line.addAll(List.of(program("nest"), "enter", "--"));
    }
    line.addAll(List.of(words));
    return line;
  }

  private String program(String name) {
    return layout.program(name).toString();
  }

  private static void option(List<String> line, String name, Object value) {
    line.add(name);
    line.add(value instanceof Path path ? path.toString() : String.valueOf(value));
  }
}
