package dev.caisson.it.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.isolation.SecurityIT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a sandbox's root can do to the directory that its supervisor's socket is in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class SocketDirectoryIT {
  private static final String NESTED =
      "perl -e 'chdir q(/run/caisson); for (1..1500) { mkdir q(dddddddd) or die $!;"
          + " chdir q(dddddddd) }'";

  private Path home;
  private ServiceProcess service;
  private Api api;

  @BeforeAll
  void start(@TempDir Path directory) {
    home = directory;
    service =
        ServiceProcess.start(
            home, Map.of("CAISSON_HOST_ISOLATIONS", "userns,rootless,capabilities"));
    api = service.api();
  }

  @AfterAll
  void end() throws IOException {
    service.close();
  }

  /** What this engine has of the three. */
  static List<String> modes() {
    return SecurityIT.modes();
  }

  @ParameterizedTest
  @MethodSource("modes")
  void rootOfASandboxPutsNothingIntoItAndTakesNothingOut(String mode) throws Exception {
    String sandbox = api.dockerSandbox(Map.of("image", Machine.DEBIAN, "isolation", mode));
    String tried =
        said(
            sandbox,
            """
            id -u; cd /run/caisson
            echo x > f; mkdir d; ln -s / l; mkfifo p; mknod n c 1 3
            rm supervisor.sock; mv supervisor.sock other
            chmod 777 .; chown 0:0 .; chattr -i .; mkdir d2
            mount -o remount,rw /run/caisson 2>/dev/null; mkdir d3
            ls -A
            """);
    // Mounts over it are the sandbox's own and do not reach the host.
    assertThat(tried).startsWith("0\n").endsWith("\nsupervisor.sock\n");
    try (Stream<Path> left = Files.list(home.resolve("run").resolve(sandbox))) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactly("supervisor.sock");
    }
    endsPromptly(sandbox);
  }

  @Test
  void manyNestedDirectoriesDoNotKeepASandboxFromItsEnd() throws Exception {
    String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    assertThat(said(sandbox, NESTED)).containsAnyOf("denied", "not permitted");
    endsPromptly(sandbox);
  }

  /** As a service without the capability for it leaves it, or one of an earlier version. */
  @Test
  void norWhereTheDirectoryIsNotSealed() throws Exception {
    String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    Path directory = home.resolve("run").resolve(sandbox);
    int owner = (int) Files.getAttribute(directory.resolve("supervisor.sock"), "unix:uid");
    if (owner == 0) {
      Machine.run("chattr", "-i", directory.toString());
    }
    Machine.run("chown", Integer.toString(owner), directory.toString());
    Machine.run("chmod", "755", directory.toString());

    assertThat(said(sandbox, NESTED)).isEmpty();
    said(sandbox, "cd /run/caisson; i=0; while [ $i -lt 2000 ]; do echo > $i; i=$((i+1)); done");
    endsPromptly(sandbox);
    Eventually.holds(() -> isEmpty(home.resolve("run/.trash")), empty -> empty);
  }

  private void endsPromptly(String sandbox) {
    long from = System.nanoTime();
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
    assertThat(api.get("/v1/sandboxes/" + sandbox).expecting(200).get("state").asString())
        .isEqualTo("ENDED");
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(15));
    assertThat(home.resolve("run").resolve(sandbox)).doesNotExist();
  }

  private String said(String sandbox, String line) {
    return Api.text(api.exec(sandbox, "sh", "-c", "exec 2>&1; " + line), "stdout");
  }

  private static boolean isEmpty(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
