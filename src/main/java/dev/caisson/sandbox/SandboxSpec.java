package dev.caisson.sandbox;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asked for.
 *
 * @param env environment of every process; its values are secret: they are neither recorded, logged
 *     nor answered
 * @param workdir default working directory, null for the image's
 * @param ttl life without activity, null for no end
 * @param docker whether the sandbox has a Docker daemon of its own
 * @param startImage whether the image's ENTRYPOINT and CMD are run as a background process
 */
public record SandboxSpec(
    String image,
    @Nullable String name,
    Map<String, String> labels,
    Map<String, String> env,
    @Nullable String workdir,
    Resources resources,
    @Nullable Duration ttl,
    boolean docker,
    NetworkMode network,
    boolean startImage) {

  public SandboxSpec {
    labels = Map.copyOf(labels);
    env = Map.copyOf(env);
  }

  /** The same with another ttl and other labels. */
  public SandboxSpec with(@Nullable Duration newTtl, Map<String, String> newLabels) {
    return new SandboxSpec(
        image, name, newLabels, env, workdir, resources, newTtl, docker, network, startImage);
  }

  /** The same without the values nobody may see. */
  SandboxSpec withoutEnv() {
    return new SandboxSpec(
        image, name, labels, Map.of(), workdir, resources, ttl, docker, network, startImage);
  }

  /** Names the variables only. */
  @Override
  public String toString() {
    return "SandboxSpec[image=" + image + ", name=" + name + ", env=" + env.keySet() + "]";
  }
}
