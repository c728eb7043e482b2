package dev.caisson.sandbox;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The specification of a sandbox, as a caller asked for it.
 *
 * @param env environment of every process; its values are secret: they are neither recorded, logged
 *     nor answered
 * @param workdir default working directory, null for the image's
 * @param ttl life without activity, null for no end
 * @param docker whether the sandbox has a Docker daemon of its own
 * @param data what its daemon begins with, and what stays of it
 * @param startImage whether the image's ENTRYPOINT and CMD are run as a background process
 * @param dockerVersion of its daemon, or the beginning of one until the sandbox is admitted; null
 *     for the usual one
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
    boolean startImage,
    DockerData data,
    @Nullable String dockerVersion) {

  @SuppressWarnings("NullAway") // A record of a service before this one has no data.
  public SandboxSpec {
    data = data == null ? DockerData.OWN : data;
    labels = Map.copyOf(labels);
    env = Map.copyOf(env);
  }

  /** Returns the builder of a spec. */
  public static SandboxSpecBuilder builder(String image, Resources resources) {
    return new SandboxSpecBuilder(image, resources);
  }

  /** Returns a copy with a daemon, and these data of it. */
  public SandboxSpec with(DockerData newData) {
    return new SandboxSpecBuilder(this).docker(true).data(newData).build();
  }

  /** Returns a copy with another ttl and other labels. */
  public SandboxSpec with(@Nullable Duration newTtl, Map<String, String> newLabels) {
    return new SandboxSpecBuilder(this).ttl(newTtl).labels(newLabels).build();
  }

  /** Returns a copy with this version of its daemon. */
  public SandboxSpec withDocker(@Nullable String version) {
    return new SandboxSpecBuilder(this).dockerVersion(version).build();
  }

  /** Returns a copy without the secret values of its environment. */
  SandboxSpec withoutEnv() {
    return new SandboxSpecBuilder(this).env(Map.of()).build();
  }

  /** Returns a short form that names the variables, without their secret values. */
  @Override
  public String toString() {
    return "SandboxSpec[image=" + image + ", name=" + name + ", env=" + env.keySet() + "]";
  }
}
