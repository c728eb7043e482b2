package dev.caisson.supervisor.setup;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The places of the daemons and of what belongs to them.
 *
 * @param root of the sandbox's file system; another one only in tests
 */
public record DaemonLayout(Path root) {

  public static final DaemonLayout SANDBOX = new DaemonLayout(Path.of("/"));

  /** Returns the kit's Docker part, read-only; absent where it is not mounted. */
  public Path toolkit() {
    return root.resolve("opt/caisson/docker");
  }

  /**
   * Returns whether Docker is to be in a nest (kit/nest): the engine makes this directory where the
   * sandbox is rootless, and in no other.
   */
  public boolean isNested() {
    return Files.isDirectory(root.resolve("dev/.caisson"));
  }

  /** Returns the directory of programs that stand before Docker's own of their names (kit/nest). */
  public Path fronts() {
    return toolkit().resolve("bin-nest");
  }

  /**
   * Returns the directory of programs that daemons start by name, for an image that has none of
   * that name.
   */
  public Path helpers() {
    return toolkit().resolve("bin-helpers");
  }

  public Path program(String name) {
    return toolkit().resolve("bin").resolve(name);
  }

  Path run() {
    return root.resolve("run");
  }

  /** Returns the directory in which many clients look for what is in {@link #run()}. */
  Path oldRun() {
    return root.resolve("var/run");
  }

  public Path dockerSocket() {
    return run().resolve("docker.sock");
  }

  /**
   * Returns dockerd's pid file, not in its usual place: an image that was made of a host's disk may
   * have an old one there.
   */
  public Path dockerPidFile() {
    return configDirectory().resolve("docker.pid");
  }

  /**
   * Returns the directory of what dockerd keeps while it runs: network namespaces, its helpers'
   * sockets.
   */
  public Path dockerState() {
    return run().resolve("docker");
  }

  public Path dockerData() {
    return root.resolve("var/lib/docker");
  }

  /**
   * Returns the daemon's data as a template has left them, read-only; absent where there is none.
   */
  Path preloaded() {
    return run().resolve("caisson-images");
  }

  public Path containerdSocket() {
    return run().resolve("containerd/containerd.sock");
  }

  /** Returns the directory in which shims leave the addresses at which they can be reached. */
  public Path containerdState() {
    return run().resolve("containerd");
  }

  public Path containerdData() {
    return root.resolve("var/lib/containerd");
  }

  public Path configDirectory() {
    return run().resolve("caisson-docker");
  }

  /** Returns the socket that the CLI's credential helper asks; root's alone. */
  public Path credentialSocket() {
    return configDirectory().resolve("credentials.sock");
  }

  /**
   * Returns the CLI's configuration ({@code DOCKER_CONFIG}) for commands that are to leave no
   * secret in a file.
   */
  public Path clientConfig() {
    return configDirectory().resolve("cli");
  }

  /** Returns the path of an empty configuration, in place of whatever the image brings. */
  public Path dockerConfig() {
    return configDirectory().resolve("daemon.json");
  }
}
