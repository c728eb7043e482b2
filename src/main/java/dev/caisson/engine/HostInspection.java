package dev.caisson.engine;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.Labels;
import dev.caisson.engine.client.Operation;
import dev.caisson.engine.kit.KitVolumes;
import dev.caisson.engine.network.EngineFacts;
import dev.caisson.engine.network.Networks;
import dev.caisson.engine.network.ParentCgroups;
import dev.caisson.host.Findings;
import dev.caisson.host.Findings.Check;
import dev.caisson.host.PlacementSettings;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Resources;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inspection of the host with three containers that live for this alone: two as sandboxes with
 * Docker are, one of them rootless, and one in the host's network, which also builds the wall
 * there.
 */
final class HostInspection {
  private static final Logger log = LoggerFactory.getLogger(HostInspection.class);
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String PARENT = "preflight";

  /** A limit that is told from any other by its last digits, which are whole pages. */
  private static final Resources MARKED = new Resources(0, (1L << 30) + 7 * 65536, 0, 0);

  private static final List<String> JAVA =
      List.of("/opt/caisson/runtime/bin/java", "@/opt/caisson/supervisor.args");

  private final EngineClient client;
  private final EngineFacts facts;
  private final KitVolumes.Names kit;
  private final String image;
  private final PlacementSettings ground;
  private final ParentCgroups parents;
  private final Footprints footprints;
  private final LoopDisks disks;

  HostInspection(
      EngineClient client,
      EngineFacts facts,
      KitVolumes.Names kit,
      String image,
      PlacementSettings ground,
      ParentCgroups parents,
      Footprints footprints,
      LoopDisks disks) {
    this.client = client;
    this.facts = facts;
    this.kit = kit;
    this.image = image;
    this.ground = ground;
    this.parents = parents;
    this.footprints = footprints;
    this.disks = disks;
  }

  /**
   * The findings, and what the engine itself needs to know of its host.
   *
   * @param openFiles the most that the host lets a process open, where it has CAP_SYS_RESOURCE; 0
   *     where it has not, or where that is not known
   * @param devices files of the host's {@code /dev} that sandboxes with Docker are given
   */
  record Seen(Findings findings, long openFiles, List<String> devices) {}

  Seen look() {
    removeLeft();
    String parent = parent();
    Map<String, String> inside = run("sandbox", sandbox(parent), "--examine-sandbox");
    parents.remove(PARENT);
    Map<String, String> nest =
        kit.docker() == null
            ? Map.of("failure", "the kit's Docker part is not there")
            : run("rootless", rootless(), "--examine-rootless");
    Map<String, String> host = run("host", host(), wall(inside.getOrDefault("resolver", "")));
    String mask = host.getOrDefault("capabilities", "");
    List<String> missing = MissingCapabilities.in(mask);
    Findings findings =
        new Findings(
            check(inside, "preparation"),
            check(inside, "toolkit"),
            check(inside, "overlay"),
            check(inside, "nftables"),
            check(inside, "legacy-tables"),
            userNamespaces(inside),
            parentCgroups(parent, inside),
            check(host, "wall"),
            check(nest, "rootless"),
            Check.of(Objects.requireNonNullElse(footprints.obstacle(facts.directory()), "")),
            Check.of(Objects.requireNonNullElse(disks.obstacle(), "")),
            missing,
            number(inside.getOrDefault("users", "")),
            inside.getOrDefault("resolver", ""));
    return new Seen(
        findings,
        mask.isEmpty() || missing.contains("CAP_SYS_RESOURCE")
            ? 0
            : number(host.getOrDefault("open-files", "")),
        devices(host.getOrDefault("devices", "")));
  }

  private static Check check(Map<String, String> told, String name) {
    return Check.of(
        told.getOrDefault(name, told.getOrDefault("failure", "nothing was told of it")));
  }

  private static List<String> devices(String told) {
    return Arrays.stream(told.split(",", -1)).filter(path -> path.startsWith("/dev/")).toList();
  }

  private static long number(String told) {
    return told.matches("\\d{1,18}") ? Long.parseLong(told) : 0;
  }

  private static Check userNamespaces(Map<String, String> told) {
    String most = told.getOrDefault("user-namespaces", "");
    return Check.of(most.isEmpty() || most.equals("0") ? "the kernel makes none" : "");
  }

  /**
   * Checks that a limit which the service has set is seen from within: then both see the same tree.
   */
  private Check parentCgroups(String parent, Map<String, String> inside) {
    if (facts.host().cgroup() != 1) {
      return Check.failed("not needed on cgroup version 2");
    }
    if (!parent.startsWith("/")) {
      return Check.failed(parent);
    }
    return Check.of(
        inside.getOrDefault("memory-limit", "").equals(Long.toString(MARKED.memory()))
            ? ""
            : "the service does not see the cgroups of the engine's host");
  }

  /** Returns the path of the parent, or why there is none; empty where cgroups are of version 2. */
  private String parent() {
    if (!ground.parentCgroups()) {
      return "turned off in the configuration";
    }
    if (facts.host().cgroup() != 1) {
      return "";
    }
    try {
      return parents.make(PARENT, MARKED);
    } catch (UncheckedIOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private HostConfig sandbox(String parent) {
    HostConfig host = HostConfig.newHostConfig().withCgroupnsMode("private").withMounts(mounts());
    HostSpecs.isolate(
        host, facts.host().userns() ? Isolation.USERNS : Isolation.CAPABILITIES, true, facts);
    return parent.startsWith("/") ? host.withCgroupParent(parent) : host;
  }

  private HostConfig rootless() {
    List<Mount> mounts = mounts();
    mounts.add(Nest.proc());
    HostConfig host =
        HostSpecs.blank(Isolation.ROOTLESS, true).withCgroupnsMode("private").withMounts(mounts);
    HostSpecs.isolate(host, Isolation.ROOTLESS, true, facts);
    return host;
  }

  private HostConfig host() {
    List<Mount> mounts = mounts();
    mounts.add(
        new Mount()
            .withType(MountType.BIND)
            .withSource("/dev")
            .withTarget("/dev-of-host")
            .withReadOnly(true));
    HostConfig host =
        HostConfig.newHostConfig()
            .withNetworkMode("host")
            .withPidMode("host")
            .withReadonlyRootfs(true)
            .withMounts(mounts)
            .withTmpFs(Map.of("/run", "rw,mode=755", "/tmp", "rw,mode=1777"))
            .withSecurityOpts(List.of("no-new-privileges"))
            .withCapDrop(Capability.ALL)
            .withCapAdd(Capability.NET_ADMIN, Capability.NET_RAW);
    return facts.host().userns() ? host.withUsernsMode("host") : host;
  }

  private List<Mount> mounts() {
    List<Mount> mounts = new ArrayList<>();
    mounts.add(kit.base().at(KitVolumes.BASE));
    if (kit.docker() != null) {
      mounts.add(kit.docker().at(KitVolumes.DOCKER));
    }
    return mounts;
  }

  private String[] wall(String resolver) {
    List<String> allow = new ArrayList<>(ground.network().allow());
    for (String line : resolver.split(";", -1)) {
      if (line.startsWith("nameserver ") && !line.contains(":")) {
        allow.add(line.substring("nameserver ".length()).strip() + ":53");
      }
    }
    List<String> deny = new ArrayList<>(ground.network().deny());
    deny.add(ground.network().pool());
    return new String[] {
      "--examine-host",
      "CAISSON-" + Networks.brief(ground.instance()),
      Networks.interfaces(ground.instance()),
      ground.network().pool(),
      String.join(",", addresses(allow)),
      String.join(",", deny)
    };
  }

  /** Returns the IPv4 addresses of these places, since rules know addresses, not names. */
  private static List<String> addresses(List<String> places) {
    List<String> found = new ArrayList<>();
    for (String place : places) {
      int colon = place.lastIndexOf(':');
      try {
        for (InetAddress address : InetAddress.getAllByName(place.substring(0, colon))) {
          if (address.getAddress().length == 4) {
            found.add(address.getHostAddress() + place.substring(colon));
          }
        }
      } catch (UnknownHostException e) {
        log.warn("{} cannot be kept reachable for sandboxes: its name is not known", place);
      }
    }
    return found;
  }

  /**
   * Runs a container and returns its findings about the host, or {@code failure} with the reason
   * why there are none.
   */
  private Map<String, String> run(String name, HostConfig host, String... arguments) {
    String container = null;
    try {
      container =
          client.call(
              Operation.EXAMINE,
              docker -> {
                List<String> entry = new ArrayList<>(JAVA);
                entry.addAll(List.of(arguments));
                CreateContainerCmd command =
                    docker
                        .createContainerCmd(image)
                        .withName(
                            "caisson-examine-" + Networks.brief(ground.instance()) + "-" + name)
                        .withEntrypoint(entry)
                        .withCmd(List.of())
                        .withUser("0:0")
                        .withLabels(Map.of(Labels.EXAMINES, ground.instance()))
                        .withHostConfig(host);
                if (name.equals("sandbox")) {
                  command.withVolumes(
                      new Volume("/var/lib/docker"), new Volume("/var/lib/containerd"));
                }
                return command.exec().getId();
              });
      String made = container;
      client.run(
          Operation.EXAMINE, client.usual(), docker -> docker.startContainerCmd(made).exec());
      Request.Builder post = Request.builder().method(Request.Method.POST);
      client.read(
          Operation.EXAMINE,
          LIMIT,
          post,
          "/containers/" + made + "/wait",
          body -> body.readAllBytes().length);
      return told(
          client.read(
              Operation.EXAMINE,
              "/containers/" + made + "/logs?stdout=1&stderr=1",
              ContainerLog::read));
    } catch (RuntimeException e) {
      log.debug("the host could not be examined", e);
      return Map.of("failure", String.valueOf(e.getMessage()));
    } finally {
      if (container != null) {
        remove(container);
      }
    }
  }

  private static Map<String, String> told(String log) {
    Map<String, String> told = new TreeMap<>();
    StringBuilder rest = new StringBuilder();
    for (String line : log.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0 && line.substring(0, equals).matches("[a-z-]+")) {
        told.put(line.substring(0, equals), line.substring(equals + 1).strip());
      } else {
        rest.append(line).append(' ');
      }
    }
    told.put("failure", "the examination said: " + rest.toString().strip());
    return new HashMap<>(told);
  }

  /** Removes the containers of a service before this one that was killed in the middle. */
  private void removeLeft() {
    List<Container> left =
        client.call(
            Operation.EXAMINE,
            docker ->
                docker
                    .listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(Map.of(Labels.EXAMINES, ground.instance()))
                    .exec());
    left.forEach(container -> remove(container.getId()));
  }

  private void remove(String container) {
    try {
      client.run(
          Operation.EXAMINE,
          client.usual(),
          docker -> {
            try {
              docker.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
            } catch (NotFoundException e) {
              log.debug("container {} is gone already", container);
            }
          });
    } catch (RuntimeException e) {
      log.warn(
          "container {} is left, the next examination removes it: {}", container, e.getMessage());
    }
  }
}
