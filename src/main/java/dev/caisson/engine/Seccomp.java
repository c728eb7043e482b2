package dev.caisson.engine;

import com.github.dockerjava.core.DockerClientConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The seccomp profile of a sandbox with Docker: the engine's default and the calls it needs. */
final class Seccomp {
  private static final String RESOURCE = "seccomp.json";

  private Seccomp() {}

  /** Read once, and only where a sandbox needs it. */
  private static final class Read {
    private static final String PROFILE = read();
  }

  /** In JSON, as the engine takes it. */
  static String profile() {
    return Read.PROFILE;
  }

  private static String read() {
    try (InputStream in = Seccomp.class.getResourceAsStream(RESOURCE)) {
      return DockerClientConfig.getDefaultObjectMapper()
          .readTree(Objects.requireNonNull(in, RESOURCE))
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }
}
