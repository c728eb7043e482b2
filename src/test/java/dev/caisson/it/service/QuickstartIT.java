package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart, kept running and ended, in the mode whose socket directories are sealed. */
class QuickstartIT {

  @TempDir Path directory;

  @Test
  void whatItKeptRunningIsEndedAndRemovedBySayingStop() throws Exception {
    Path home = directory.resolve("state");
    Map<String, String> settings =
        Map.of(
            // What is there is not built anew while it is tested.
            "CAISSON_IN_MAVEN",
            "1",
            "CAISSON_HOME",
            home.toString(),
            "CAISSON_PORT",
            Integer.toString(ServiceProcess.freePort()),
            "CAISSON_SANDBOX_ISOLATION",
            "rootless");
    try {
      assertThat(run(settings, "--keep")).contains("isolation rootless", "every step held");
      // Its kit is of a version: whoever builds another gives the name alone to that.
      String pid = Files.readString(home.resolve("service.pid")).split(" ", 2)[0];
      assertThat(Files.readString(Path.of("/proc", pid, "environ")).split("\0"))
          .contains(Files.readAllLines(Path.of("target", "kit.images")).toArray(String[]::new));
    } finally {
      assertThat(run(settings, "stop", "--keep-engine")).contains("stopped");
    }
    assertThat(Files.exists(home)).as("its state directory is gone").isFalse();
  }

  private static String run(Map<String, String> settings, String... words)
      throws IOException, InterruptedException {
    ProcessBuilder script = new ProcessBuilder("./quickstart").redirectErrorStream(true);
    script.command().addAll(List.of(words));
    script.environment().putAll(settings);
    // A service that is kept has this process's output for its own: the end of a pipe would not
    // come.
    Path said = Files.createTempFile("quickstart", ".log");
    Process running = script.redirectOutput(said.toFile()).start();
    assertThat(running.waitFor(4, TimeUnit.MINUTES)).isTrue();
    String output = Files.readString(said, StandardCharsets.UTF_8);
    Files.delete(said);
    assertThat(running.exitValue()).as(output).isZero();
    return output;
  }
}
