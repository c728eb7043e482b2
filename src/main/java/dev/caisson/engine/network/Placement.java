package dev.caisson.engine.network;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HostConfig;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.host.Findings;
import dev.caisson.host.PlacementSettings;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.NetworkMode;
import dev.caisson.sandbox.SandboxId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The places of a service's sandboxes: their networks, and the cgroups above theirs; made before
 * the container and removed after it.
 *
 * @param networks null where sandboxes share the engine's bridge
 * @param parented whether limits are set above the sandboxes' cgroups
 * @param resolver lines of their resolv.conf, empty for what the engine writes
 */
public record Placement(
    @Nullable Networks networks, ParentCgroups parents, boolean parented, String resolver) {
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
   */
  public static Placement of(
      EngineClient client, PlacementSettings ground, @Nullable Placement before) {
    ParentCgroups parents = new ParentCgroups(CGROUPS, ground.instance());
    Networks networks = before == null ? null : before.networks;
    if (networks == null && ground.network().isolated()) {
      networks = new Networks(client, ground);
    }
    return new Placement(networks, parents, false, "");
  }

  /** Takes up the networks that are there, and removes the cgroups that nothing is in. */
  public void takeUp(EngineFacts facts) {
    if (networks != null) {
      networks.adopt();
    }
    if (facts.host().cgroup() == 1) {
      parents.tidy();
    }
  }

  public Placement with(Findings findings) {
    return new Placement(networks, parents, findings.parentCgroups().ok(), findings.resolver());
  }

  public Place take(Engine.Plan plan) {
    boolean bare = parented && plan.isolation().hasHostsRoot(plan.docker());
    String parent = bare ? parents.make(plan.sandbox().value(), plan.resources()) : null;
    String network =
        networks == null || plan.network() == NetworkMode.NONE
            ? null
            : networks.take(plan.sandbox());
    return new Place(network, parent, resolver);
  }

  public void release(SandboxId sandbox) {
    if (networks != null) {
      networks.release(sandbox);
    }
    parents.remove(sandbox.value());
  }
}
