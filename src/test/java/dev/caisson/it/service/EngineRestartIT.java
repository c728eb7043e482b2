package dev.caisson.it.service;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.process.AfterTheEndIT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The host's engine is restarted under the service: an engine of the test's own, with nobody else's
 * sandboxes.
 */
class EngineRestartIT {

  @Test
  void whatASandboxDidIsToldAfterTheRestartOfItsEngine(@TempDir Path home) throws Exception {
    String kit =
        Objects.requireNonNullElse(System.getenv("CAISSON_ENGINE_KITIMAGE"), "caisson/kit");
    try (OwnEngine engine = new OwnEngine()) {
      engine.start();
      engine.load(kit, Machine.DEBIAN);
      try (ServiceProcess service =
          ServiceProcess.start(home, Map.of("CAISSON_ENGINE_HOST", engine.host()))) {
        Api api = service.api();
        AfterTheEndIT.Ended lost =
            AfterTheEndIT.begun(
                api,
                Map.of("image", Machine.DEBIAN, "network", Map.of("mode", "none")),
                "SUPERVISOR_LOST");
        engine.stop();
        engine.start();
        AfterTheEndIT.check(api, List.of(lost));
        service.kill();
        service.start();
        AfterTheEndIT.check(service.api(), List.of(lost));
      }
    }
  }

  /** A dockerd without network, in a directory of its own; close removes everything. */
  private static final class OwnEngine implements AutoCloseable {
    private final Path directory = Files.createTempDirectory("caisson-engine");
    private @Nullable Process daemon;

    OwnEngine() throws IOException {
      Files.writeString(directory.resolve("daemon.json"), "{}");
    }

    String host() {
      return "unix://" + directory.resolve("docker.sock");
    }

    void start() throws IOException {
      daemon =
          new ProcessBuilder(
                  // With --bridge=none dockerd removes the docker0 that it finds, which would be
                  // the
                  // machine's own engine's: it must not see the host's interfaces at all.
                  "unshare",
                  "--net",
                  "dockerd",
                  "--config-file=" + directory.resolve("daemon.json"),
                  "--data-root=" + directory.resolve("data"),
                  "--exec-root=" + directory.resolve("exec"),
                  "--pidfile=" + directory.resolve("pid"),
                  "--host=" + host(),
                  "--bridge=none",
                  "--iptables=false")
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(directory.resolve("dockerd.log").toFile()))
              .start();
      Eventually.holds(() -> Machine.attempt("docker", "-H", host(), "info").code(), c -> c == 0);
    }

    void load(String... images) {
      Machine.run(
          "sh",
          "-c",
          "docker save " + String.join(" ", images) + " | docker -H " + host() + " load");
    }

    void stop() throws InterruptedException {
      Process running = Objects.requireNonNull(daemon);
      running.destroy();
      if (!running.waitFor(60, TimeUnit.SECONDS)) {
        running.destroyForcibly().waitFor();
      }
    }

    @Override
    public void close() {
      Machine.attempt(
          "sh", "-c", "docker -H " + host() + " ps -aq | xargs -r docker -H " + host() + " rm -fv");
      try {
        if (daemon != null) {
          stop();
        }
      } catch (InterruptedException e) {
        daemon.destroyForcibly();
        Thread.currentThread().interrupt();
      }
      Machine.attempt(
          "sh",
          "-c",
          "grep "
              + directory
              + " /proc/mounts | cut -d' ' -f2 | sort -r | xargs -r umount -l; rm -rf "
              + directory);
    }
  }
}
