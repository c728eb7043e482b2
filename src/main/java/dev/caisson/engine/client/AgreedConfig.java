package dev.caisson.engine.client;

import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientConfigDelegate;
import com.github.dockerjava.core.RemoteApiVersion;
import org.jspecify.annotations.Nullable;

/** docker-java's configuration, with the API version that was agreed on. */
final class AgreedConfig extends DockerClientConfigDelegate {
  private final ApiVersion version;

  AgreedConfig(DockerClientConfig original, ApiVersion version) {
    super(original);
    this.version = version;
  }

  @Override
  public RemoteApiVersion getApiVersion() {
    return RemoteApiVersion.create(version.major(), version.minor());
  }

  /**
   * Returns no credentials: docker-java would send the registry's password with every create, only
   * a pull needs it.
   */
  @Override
  public @Nullable AuthConfig effectiveAuthConfig(String image) {
    return null;
  }
}
