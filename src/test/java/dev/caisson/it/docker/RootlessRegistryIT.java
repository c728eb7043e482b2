package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Machine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cache of an engine that says it is rootless: such an engine publishes on loopback alone, and
 * sandboxes reach the cache at the bridge's gateway all the same. The engine is this host's, behind
 * a docker that adds the word.
 */
class RootlessRegistryIT {
  private static final String NAME = "caisson-rootless-test";
  private static final String CACHE = NAME + "-cache";
  private static final String DOOR = CACHE + "-door";

  @TempDir Path home;
  @TempDir Path tools;

  private RegistryScript registry;

  @BeforeEach
  void sayRootless() throws IOException {
    Path docker = tools.resolve("docker");
    Files.writeString(
        docker,
        """
        #!/bin/sh
        [ "$1" != info ] || { echo '["name=seccomp,profile=default","name=rootless"]'; exit; }
        PATH=${PATH#*:} exec docker "$@"
        """);
    assertThat(docker.toFile().setExecutable(true)).isTrue();
    registry = new RegistryScript(NAME, tools);
  }

  @AfterEach
  void stop() throws Exception {
    script("stop");
    assertThat(container(CACHE)).isEmpty();
    assertThat(container(DOOR)).isEmpty();
  }

  @Test
  void sandboxesReachAtTheGatewayWhatIsPublishedOnLoopback() throws Exception {
    assertThat(script("cache", Machine.registryMirror()))
        .contains("the engine is rootless", "forwards to it from " + address());
    assertThat(published()).containsOnlyOnce("\"HostPort\"").contains("\"127.0.0.1\"");
    assertThat(asked()).contains("{}");

    String door = container(DOOR);
    script("cache", Machine.registryMirror());
    assertThat(container(DOOR)).isEqualTo(door);
  }

  @Test
  void aGatewayThatCannotBeListenedOnLeavesLoopback() throws Exception {
    InetAddress gateway = InetAddress.getByName(address().replaceFirst(":.*", ""));
    try (ServerSocket taken = new ServerSocket(registry.port(), 1, gateway)) {
      assertThat(script("cache", Machine.registryMirror()))
          .contains("sandboxes cannot reach " + CACHE);
      assertThat(taken.isBound()).isTrue();
    }
    assertThat(container(CACHE)).isNotEmpty();
    assertThat(container(DOOR)).isEmpty();
  }

  /** What a container on the engine's bridge is answered by the cache. */
  private String asked() throws Exception {
    return Machine.run(
        "docker",
        "run",
        "--rm",
        Machine.STATIC,
        "/bin/busybox",
        "wget",
        "-q",
        "-O",
        "-",
        "http://" + address() + "/v2/");
  }

  private String address() throws Exception {
    return script("cache-address").strip();
  }

  private static String published() {
    return Machine.run("docker", "inspect", "-f", "{{json .HostConfig.PortBindings}}", CACHE);
  }

  private static String container(String name) {
    return Machine.run("docker", "ps", "-aq", "--no-trunc", "--filter", "name=^" + name + "$");
  }

  private String script(String... words) throws IOException, InterruptedException {
    return registry.run("registry.sh", home, words);
  }
}
