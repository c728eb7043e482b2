package dev.caisson.engine.network;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HostConfig;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.host.Findings;
import dev.caisson.host.PlacementSettings;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.NetworkMode;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The places of a service's sandboxes: their networks, and the cgroups above theirs; made before
 * the container and removed after it.
 *
 * @param networks null where sandboxes share the engine's bridge
 * @param holders of some of these networks, null where there are none
 * @param parented whether limits are set above the sandboxes' cgroups
 * @param resolver lines of their resolv.conf, empty for what the engine writes
 */
public record Placement(
    @Nullable Networks networks,
    @Nullable Holders holders,
    ParentCgroups parents,
    boolean parented,
    String resolver)
    implements AutoCloseable {
  /** The place for which nothing was prepared: what the engine gives. */
  public static final Place NOWHERE = new Place(null, null, "");

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  /** The place of one sandbox. */
  public record Place(@Nullable String network, @Nullable String parent, String resolver) {

    public CreateContainerCmd put(CreateContainerCmd command) {
      HostConfig host = Objects.requireNonNull(command.getHostConfig());
      if (parent != null) {
        host.withCgroupParent(parent);
      }
      if (network != null) {
        host.withNetworkMode(network);
        if (HolderContainers.joins(network)) {
          // It is the holder's, and the engine refuses another.
          command.withHostName("");
        }
        if (!resolver.isEmpty()) {
          List<String> env = new ArrayList<>(List.of(Objects.requireNonNull(command.getEnv())));
          env.add("CAISSON_RESOLVER=" + resolver);
          command.withEnv(env);
        }
      }
      return command;
    }
  }

  /**
   * Creates the placement for these settings, with the networks that are known already; looks at
   * nothing.
   *
   * @param image of the kit
   */
  public static Placement of(
      EngineClient client, PlacementSettings ground, String image, @Nullable Placement before) {
    ParentCgroups parents = new ParentCgroups(CGROUPS, ground.instance());
    Networks networks = before == null ? null : before.networks;
    Holders holders = before == null ? null : before.holders;
    if (networks == null && ground.network().isolated()) {
      networks = new Networks(client, ground);
      holders = new Holders(client, networks, ground, image, Placement::after);
    }
    return new Placement(networks, holders, parents, false, "");
  }

  private static Executor after(Duration delay) {
    return CompletableFuture.delayedExecutor(
        delay.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread);
  }

  /** Takes up the networks that are there, and removes the cgroups that nothing is in. */
  public void takeUp(EngineFacts facts) {
    if (networks != null) {
      networks.adopt();
    }
    if (holders != null) {
      holders.adopt();
    }
    if (facts.host().cgroup() == 1) {
      parents.tidy();
    }
  }

  public Placement with(Findings findings) {
    return new Placement(
        networks, holders, parents, findings.parentCgroups().ok(), findings.resolver());
  }

  /** Has networks made ahead, in the background. */
  public void prepare() {
    if (holders != null) {
      holders.prepare();
    }
  }

  /** Takes note that a container was started, and how long that took. */
  public void started(Duration took) {
    if (holders != null) {
      holders.started(took);
    }
  }

  /**
   * Returns an id for a new sandbox: one with a network that was made ahead, where there is one.
   *
   * @param remaps whether the engine remaps root
   */
  public SandboxId id(SandboxSpec spec, Isolation isolation, boolean remaps) {
    return holders == null || !joins(spec, isolation, remaps)
        ? SandboxId.random()
        : holders.next().orElseGet(SandboxId::random);
  }

  /**
   * Tells whether a sandbox can join another container's network: what shares a network namespace
   * shares its user namespace, and a runtime of another kind may want to set up the network itself.
   */
  static boolean joins(SandboxSpec spec, Isolation isolation, boolean remaps) {
    return spec.network() == NetworkMode.OPEN
        && isolation.runtime().isEmpty()
        && !(remaps && isolation.hasHostsRoot(spec.docker()));
  }

  public Place take(Engine.Plan plan) {
    boolean bare = parented && plan.isolation().hasHostsRoot(plan.docker());
    String parent = bare ? parents.make(plan.sandbox().value(), plan.resources()) : null;
    return new Place(network(plan), parent, resolver);
  }

  private @Nullable String network(Engine.Plan plan) {
    if (networks == null || plan.network() == NetworkMode.NONE) {
      return null;
    }
    String joined = holders == null ? null : holders.join(plan.sandbox());
    return joined == null ? networks.take(plan.sandbox()) : joined;
  }

  public void release(SandboxId sandbox) {
    if (holders != null) {
      holders.release(sandbox);
    } else if (networks != null) {
      networks.release(sandbox);
    }
    parents.remove(sandbox.value());
  }

  /** Removes the networks that were made ahead, and for nobody. */
  @Override
  public void close() {
    if (holders != null) {
      holders.close();
    }
  }
}
