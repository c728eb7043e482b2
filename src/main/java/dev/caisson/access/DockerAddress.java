package dev.caisson.access;

/**
 * The address of a sandbox's daemon for a Docker client; the token is in it.
 *
 * @param path empty where the host name says all
 */
public record DockerAddress(Origin origin, String path) {

  /** For DOCKER_HOST. */
  public String dockerHost() {
    return origin.docker() + path;
  }

  /** For clients that want HTTP's own form. */
  public String url() {
    return origin.http() + path;
  }

  /** Never says the token. */
  @Override
  public String toString() {
    return path.isEmpty() ? "DockerAddress[by name]" : "DockerAddress[by path]";
  }
}
