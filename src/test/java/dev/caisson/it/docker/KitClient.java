package dev.caisson.it.docker;

import dev.caisson.it.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The CLI, compose and buildx of a sandbox's kit, run outside of it by whoever names a daemon. */
final class KitClient {
  private final Path directory;
  private final String sandbox;

  /** Those of this sandbox, with what they keep in a directory. */
  KitClient(Path directory, String sandbox) {
    this.directory = directory;
    this.sandbox = sandbox;
  }

  /**
   * What a line for a shell prints; it must succeed. On this host's network, with the mounts of the
   * sandbox and without its walls.
   *
   * @param project its working directory
   */
  String run(String dockerHost, Path project, String line) {
    Path config = directory("config");
    try {
      Files.writeString(
          config.resolve("config.json"),
          "{\"cliPluginsExtraDirs\":[\"/opt/caisson/docker/cli-plugins\"]}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Machine.run(
        "docker",
        "run",
        "--rm",
        "--userns=host",
        "--network=host",
        // Where compose keeps what a build tells it.
        "--tmpfs=/tmp",
        "--volumes-from=" + Machine.container(sandbox) + ":ro",
        "-v",
        project + ":/project",
        "-v",
        config + ":/config",
        "-w",
        "/project",
        "-e",
        "DOCKER_HOST=" + dockerHost,
        "-e",
        "DOCKER_CONFIG=/config",
        "-e",
        "PATH=/bin:/opt/caisson/docker/bin",
        "--entrypoint=/bin/busybox",
        Machine.STATIC,
        "sh",
        "-c",
        line);
  }

  /** A directory that any user in a container may use. */
  Path directory(String name) {
    try {
      Path made = Files.createDirectories(directory.resolve(name));
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
