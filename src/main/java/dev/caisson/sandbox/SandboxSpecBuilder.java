package dev.caisson.sandbox;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A builder of {@link SandboxSpec}s: each method sets the component of its name; where none does, a
 * sandbox has no daemon, an open network and no end.
 */
public final class SandboxSpecBuilder {
  private final String image;
  private @Nullable String name;
  private Map<String, String> labels = Map.of();
  private Map<String, String> env = Map.of();
  private @Nullable String workdir;
  private final Resources resources;
  private @Nullable Duration ttl;
  private boolean docker;
  private NetworkMode network = NetworkMode.OPEN;
  private boolean startImage;
  private DockerData data = DockerData.OWN;
  private @Nullable String dockerVersion;

  SandboxSpecBuilder(String image, Resources resources) {
    this.image = image;
    this.resources = resources;
  }

  SandboxSpecBuilder(SandboxSpec spec) {
    image = spec.image();
    name = spec.name();
    labels = spec.labels();
    env = spec.env();
    workdir = spec.workdir();
    resources = spec.resources();
    ttl = spec.ttl();
    docker = spec.docker();
    network = spec.network();
    startImage = spec.startImage();
    data = spec.data();
    dockerVersion = spec.dockerVersion();
  }

  public SandboxSpecBuilder name(@Nullable String name) {
    this.name = name;
    return this;
  }

  public SandboxSpecBuilder labels(Map<String, String> labels) {
    this.labels = labels;
    return this;
  }

  public SandboxSpecBuilder env(Map<String, String> env) {
    this.env = env;
    return this;
  }

  public SandboxSpecBuilder workdir(@Nullable String workdir) {
    this.workdir = workdir;
    return this;
  }

  public SandboxSpecBuilder ttl(@Nullable Duration ttl) {
    this.ttl = ttl;
    return this;
  }

  public SandboxSpecBuilder docker(boolean docker) {
    this.docker = docker;
    return this;
  }

  public SandboxSpecBuilder network(NetworkMode network) {
    this.network = network;
    return this;
  }

  public SandboxSpecBuilder startImage(boolean startImage) {
    this.startImage = startImage;
    return this;
  }

  public SandboxSpecBuilder data(DockerData data) {
    this.data = data;
    return this;
  }

  public SandboxSpecBuilder dockerVersion(@Nullable String dockerVersion) {
    this.dockerVersion = dockerVersion;
    return this;
  }

  public SandboxSpec build() {
    return new SandboxSpec(
        image,
        name,
        labels,
        env,
        workdir,
        resources,
        ttl,
        docker,
        network,
        startImage,
        data,
        dockerVersion);
  }
}
