package dev.caisson.engine.network;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerHostConfig;
import com.github.dockerjava.api.model.Network;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.Labels;
import dev.caisson.engine.client.Operation;
import dev.caisson.host.PlacementSettings;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.SandboxId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network for each sandbox: what is on no common bridge cannot reach each other, whatever rules
 * say or a hostile root forges. One whose sandbox has ended is kept for the next, since making and
 * removing take the engine longer than anything else about a network.
 */
public final class Networks {
  /** The most networks that are kept without a sandbox. */
  private static final int IDLE = 4;

  /** The longest that a call to the engine is under way, after which its network is there. */
  private static final Duration LATER = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(Networks.class);
  private static final String MTU = "com.docker.network.driver.mtu";

  private final EngineClient client;
  private final PlacementSettings ground;
  private final Executor later;
  private final String brief;
  private final AddressPool pool;
  private final Map<SandboxId, Integer> taken = new HashMap<>();
  private final TreeSet<Integer> idle = new TreeSet<>();

  /** The numbers of networks whose addresses something else has. */
  private final Set<Integer> foreign = new HashSet<>();

  private String mtu = "";
  private boolean adopted;

  Networks(EngineClient client, PlacementSettings ground) {
    this(
        client, ground, CompletableFuture.delayedExecutor(LATER.toMillis(), TimeUnit.MILLISECONDS));
  }

  /**
   * Creates the networks with another delay, for tests.
   *
   * @param later looks after some time, once, for the networks of abandoned calls
   */
  Networks(EngineClient client, PlacementSettings ground, Executor later) {
    this.client = client;
    this.ground = ground;
    this.later = later;
    this.brief = brief(ground.instance());
    this.pool = AddressPool.of(ground.network().pool());
  }

  /** Returns the short form of a service's id, for names that have little room. */
  public static String brief(String instance) {
    String letters = instance.replaceAll("[^A-Za-z0-9]", "");
    return letters.substring(0, Math.min(6, letters.length()));
  }

  /** Returns how the names of the bridges on the host begin; a name has 15 characters at most. */
  public static String interfaces(String instance) {
    return "cs" + brief(instance) + "-";
  }

  /**
   * Takes up the networks that are there, once, and a little later those that an earlier service
   * had asked for. A thread that gives one back meanwhile waits: what is seen in use is to be given
   * back after it was seen.
   */
  synchronized void adopt() {
    if (!adopted) {
      takeUp();
      adopted = true;
      lookLater();
    }
  }

  private void takeUp() {
    client.run(
        Operation.NETWORK,
        client.usual(),
        docker -> {
          mtu = mtuOfTheBridge(docker);
          Map<String, SandboxId> users = new HashMap<>();
          for (Container container :
              docker
                  .listContainersCmd()
                  .withShowAll(true)
                  .withLabelFilter(List.of(Labels.SANDBOX))
                  .exec()) {
            ContainerHostConfig host = container.getHostConfig();
            if (host != null) {
              Containers.sandbox(container.getLabels())
                  .ifPresent(id -> users.put(host.getNetworkMode(), id));
            }
          }
          HolderContainers.list(docker, ground.instance())
              .forEach(holder -> users.put(holder.network(), holder.sandbox()));
          for (Network network : own(docker)) {
            int index = index(network.getName());
            SandboxId user = users.get(network.getName());
            if (index >= 0 && user != null) {
              taken.put(user, index);
            } else if (index >= 0 && !taken.containsValue(index)) {
              keepOrRemove(docker, index);
            }
          }
        });
  }

  /**
   * Looks once more when no abandoned call can be under way any longer: an engine makes what it was
   * asked for, whether or not the caller is still there.
   */
  private void lookLater() {
    later.execute(() -> {
      try {
        takeUpStrays();
      } catch (RuntimeException e) {
        // The engine is away: the next start looks again.
        log.warn("networks that nobody has cannot be looked for: {}", e.getMessage());
      }
    });
  }

  private synchronized void takeUpStrays() {
    boolean all =
        client.call(
            Operation.NETWORK,
            docker ->
                own(docker).stream()
                    .map(network -> index(network.getName()))
                    .filter(
                        index -> index >= 0 && !taken.containsValue(index) && !idle.contains(index))
                    .map(index -> keepOrRemove(docker, index))
                    .reduce(true, Boolean::logicalAnd));
    if (!all) {
      lookLater();
    }
  }

  private List<Network> own(DockerClient docker) {
    return docker
        .listNetworksCmd()
        .withFilter("label", List.of(Labels.INSTANCE + "=" + ground.instance()))
        .exec();
  }

  /**
   * Keeps a network without a sandbox, up to {@link #IDLE}, or removes it; returns whether it is
   * kept or gone now.
   */
  private boolean keepOrRemove(DockerClient docker, int index) {
    if (idle.contains(index) || idle.size() < IDLE) {
      idle.add(index);
      return true;
    }
    try {
      remove(docker, index);
      return true;
    } catch (DockerException e) {
      // A container is in it still: it is looked for again.
      log.info("network {} cannot be removed yet: {}", name(index), e.getMessage());
      return false;
    }
  }

  private void remove(DockerClient docker, int index) {
    try {
      docker.removeNetworkCmd(name(index)).exec();
    } catch (NotFoundException e) {
      log.debug("network {} is gone already", name(index));
    }
  }

  /**
   * Returns the MTU of the engine's bridge, since a network that is made does not take the engine's
   * own setting.
   */
  private static String mtuOfTheBridge(DockerClient docker) {
    try {
      Map<String, String> options =
          docker.inspectNetworkCmd().withNetworkId("bridge").exec().getOptions();
      return options == null ? "" : options.getOrDefault(MTU, "");
    } catch (NotFoundException e) {
      // An engine without the bridge that others have.
      return "";
    }
  }

  /** Takes a network for this sandbox, and returns its name; it is there then. */
  String take(SandboxId sandbox) {
    while (true) {
      int index = reserve(sandbox);
      try {
        client.run(Operation.NETWORK, client.usual(), docker -> ensure(docker, index));
        return name(index);
      } catch (EngineException.Refused e) {
        give(sandbox);
        if (!isTaken(e)) {
          throw e;
        }
        log.debug("addresses {} are somebody else's", pool.subnet(index));
        refuse(index);
      } catch (RuntimeException e) {
        abandon(sandbox);
        throw e;
      }
    }
  }

  private static boolean isTaken(EngineException.Refused e) {
    String words = String.valueOf(e.getMessage());
    return words.contains("overlap") || words.contains("already exists");
  }

  private synchronized int reserve(SandboxId sandbox) {
    adopt();
    Integer had = taken.get(sandbox);
    if (had != null) {
      return had;
    }
    Integer kept = idle.pollFirst();
    int index = kept == null ? free() : kept;
    taken.put(sandbox, index);
    return index;
  }

  private int free() {
    // Services that share an engine begin at different places.
    int first = Math.floorMod(ground.instance().hashCode(), pool.size());
    for (int i = 0; i < pool.size(); i++) {
      int index = (first + i) % pool.size();
      if (!taken.containsValue(index) && !foreign.contains(index)) {
        return index;
      }
    }
    throw new EngineException.Refused(
        0,
        "No addresses are left in caisson.host.network.pool "
            + ground.network().pool()
            + " for another sandbox",
        null);
  }

  private synchronized void give(SandboxId sandbox) {
    taken.remove(sandbox);
  }

  /**
   * Gives up a network that the engine may have made before the call failed: so it is kept, or
   * removed.
   */
  private void abandon(SandboxId sandbox) {
    release(sandbox);
    lookLater();
  }

  private synchronized void refuse(int index) {
    foreign.add(index);
  }

  private void ensure(DockerClient docker, int index) {
    try {
      docker.inspectNetworkCmd().withNetworkId(name(index)).exec();
    } catch (NotFoundException e) {
      Map<String, String> options = new HashMap<>();
      options.put("com.docker.network.bridge.name", interfaces(ground.instance()) + hex(index));
      if (!mtu.isEmpty()) {
        options.put(MTU, mtu);
      }
      docker
          .createNetworkCmd()
          .withName(name(index))
          .withDriver("bridge")
          .withCheckDuplicate(true)
          .withOptions(options)
          .withLabels(Map.of(Labels.INSTANCE, ground.instance()))
          .withIpam(
              new Network.Ipam()
                  .withConfig(new Network.Ipam.Config().withSubnet(pool.subnet(index))))
          .exec();
    }
  }

  /** Gives back the network of a sandbox that is gone: it is the next one's, or goes too. */
  void release(SandboxId sandbox) {
    int index;
    synchronized (this) {
      Integer had = taken.remove(sandbox);
      if (had == null || (idle.size() < IDLE && idle.add(had))) {
        return;
      }
      index = had;
    }
    try {
      client.run(Operation.NETWORK, client.usual(), docker -> remove(docker, index));
    } catch (EngineException e) {
      // No sandbox has it any more that would try again: it is found by its label.
      log.info("network {} cannot be removed yet: {}", name(index), e.getMessage());
      lookLater();
    }
  }

  private String name(int index) {
    return "caisson-" + brief + "-" + hex(index);
  }

  private static String hex(int index) {
    return Integer.toHexString(index);
  }

  /** Returns the number in a name of ours; -1 of another. */
  private int index(String name) {
    String prefix = "caisson-" + brief + "-";
    return name.startsWith(prefix) && name.substring(prefix.length()).matches("[0-9a-f]{1,5}")
        ? Integer.parseInt(name.substring(prefix.length()), 16)
        : -1;
  }
}
