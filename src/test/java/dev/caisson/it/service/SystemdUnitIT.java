package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Machine;
import dev.caisson.it.PackagedService;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/**
 * The unit, where no systemd runs: as its checker sees it, and its own command line with the
 * capabilities it leaves.
 */
class SystemdUnitIT {
  private static final Path UNIT = Path.of("kit", "package", "caisson.service");

  @Test
  void itsCheckerFindsNothing() {
    assertThat(Machine.run("systemd-analyze", "verify", "--man=no", UNIT.toString())).isEmpty();
    // 10 is everything a root can; what is left are the network, and capabilities that it names.
    Machine.run("systemd-analyze", "security", "--offline=true", "--threshold=25", UNIT.toString());
  }

  @Test
  void whatItStartsDoesTheMainJobWithTheCapabilitiesItLeaves() throws Exception {
    Path home = Files.createTempDirectory("caisson-unit");
    PackagedService service = new PackagedService(home, ServiceProcess.freePort());
    String capabilities =
        setting("CapabilityBoundingSet")
            .toLowerCase(Locale.ROOT)
            .replace("cap_", "+")
            .replace(' ', ',');
    String line =
        setting("ExecStart")
            .replace(
                "/usr/bin/java", Path.of(System.getProperty("java.home"), "bin", "java").toString())
            .replace("/usr/lib/caisson", "target/service");
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--no-new-privs",
                "--bounding-set=-all," + capabilities,
                "--inh-caps=-all"));
    command.addAll(List.of(line.split(" ", -1)));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("service.log").toFile());
    builder.environment().put("CAISSON_HOME", home.toString());
    builder.environment().put("SERVER_PORT", Integer.toString(service.port()));
    builder.environment().put("CAISSON_SANDBOX_DOCKER_REGISTRYMIRRORS", Machine.registryMirror());
    Process process = builder.start();
    try {
      service.doesTheMainJob();
      process.destroy();
      assertThat(process.waitFor(45, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(Integer.parseInt(setting("SuccessExitStatus")));
    } finally {
      process.destroyForcibly();
      Machine.removeSandboxesOf(home);
      FileSystemUtils.deleteRecursively(home);
    }
  }

  private static String setting(String name) throws IOException {
    return Files.readAllLines(UNIT).stream()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }
}
