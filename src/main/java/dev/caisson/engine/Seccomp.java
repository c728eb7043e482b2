package dev.caisson.engine;

import com.github.dockerjava.core.DockerClientConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * The seccomp profiles of sandboxes: what may not run Docker is allowed nothing that others are
 * not.
 */
final class Seccomp {
  private Seccomp() {}

  /** The profile of sandboxes with Docker, read once, and only where a sandbox needs it. */
  private static final class Read {
    private static final String PROFILE = read("seccomp.json");
  }

  /** The profile of rootless sandboxes with Docker, read likewise. */
  private static final class ReadForNest {
    private static final String PROFILE = read("seccomp-nest.json");
  }

  /** The profile of sandboxes without Docker, read likewise. */
  private static final class ReadForPlain {
    private static final String PROFILE = read("seccomp-plain.json");
  }

  /**
   * Returns the profile without all that makes, mounts or enters what only sandboxes with Docker
   * have.
   */
  static String plain() {
    return ReadForPlain.PROFILE;
  }

  /** Returns the profile with Docker, in JSON, as the engine takes it. */
  static String profile() {
    return Read.PROFILE;
  }

  /**
   * Returns the profile without the calls that ask for capabilities over the host, which nothing in
   * it has.
   */
  static String nest() {
    return ReadForNest.PROFILE;
  }

  private static String read(String resource) {
    try (InputStream in = Seccomp.class.getResourceAsStream(resource)) {
      return DockerClientConfig.getDefaultObjectMapper()
          .readTree(Objects.requireNonNull(in, resource))
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
