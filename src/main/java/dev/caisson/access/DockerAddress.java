package dev.caisson.access;

/**
 * The address of a sandbox's daemon for a Docker client; the token is in it.
 *
 * @param path empty where the host name says all
 */
public record DockerAddress(Origin origin, String path) {

  /** Returns the address for DOCKER_HOST. */
  public String dockerHost() {
    return origin.docker() + path;
  }

  /** Returns the address for clients that want HTTP's own form. */
  public String url() {
    return origin.http() + path;
  }

  /** Leaves the token out. */
  @Override
  public String toString() {
    return path.isEmpty() ? "DockerAddress[by name]" : "DockerAddress[by path]";
  }
}
