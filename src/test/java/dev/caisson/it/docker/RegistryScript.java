package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The kit's scripts, with a registry and a cache whose names and port are a test's own. */
final class RegistryScript {
  private final String name;
  private final String searched;
  private final int port = ServiceProcess.freePort();

  /** Creates the scripts for a registry of this name. */
  RegistryScript(String name) {
    this(name, null);
  }

  /**
   * Creates the scripts for a registry of this name.
   *
   * @param tools a directory whose programs they take before those of the host
   */
  RegistryScript(String name, @Nullable Path tools) {
    this.name = name;
    this.searched = tools == null ? "" : tools + ":";
  }

  /** Returns the name of the cache's container. */
  String cache() {
    return name + "-cache";
  }

  /** Returns the port of the cache. */
  int port() {
    return port;
  }

  /** Runs a script of the kit for a state directory; fails if that does. */
  String run(String program, Path home, String... words) throws IOException, InterruptedException {
    ProcessBuilder script = new ProcessBuilder("./kit/" + program).redirectErrorStream(true);
    script.command().addAll(List.of(words));
    script.environment().compute("PATH", (_, path) -> searched + path);
    script.environment().put("CAISSON_HOME", home.toString());
    script.environment().put("CAISSON_REGISTRY_NAME", name);
    script.environment().put("CAISSON_CACHE_NAME", cache());
    script.environment().put("CAISSON_CACHE_PORT", Integer.toString(port));
    Process running = script.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(running.exitValue()).as(said).isZero();
    return said;
  }
}
