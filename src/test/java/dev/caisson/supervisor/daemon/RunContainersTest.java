package dev.caisson.supervisor.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunContainersTest {
  private static final String ID = "0123456789abcdef".repeat(4);

  @TempDir Path root;
  private DaemonLayout layout;
  private RunContainers containers;
  private Path file;

  @BeforeEach
  void aContainerThatRuns() throws IOException {
    layout = new DaemonLayout(root);
    containers = new RunContainers(layout, Clock.systemUTC(), Runnable::run);
    Files.createDirectories(layout.configDirectory());
    file = layout.configDirectory().resolve("run-1");
    Files.writeString(file, ID);
  }

  @Test
  void oneThatIsRemovedAtItsEndIsRemoved() throws Exception {
    try (ProbeServer daemon = daemon()) {
      containers.ended(run("--rm"), exit(ProcessInfo.Cause.TIMEOUT));
      assertThat(file).doesNotExist();
      assertThat(daemon.requests)
          .containsExactly("DELETE /containers/" + ID + "?force=1&v=1 HTTP/1.0");
    }
  }

  @Test
  void oneThatStaysIsKilled() throws Exception {
    try (ProbeServer daemon = daemon()) {
      containers.ended(run("--interactive"), exit(ProcessInfo.Cause.KILLED_BY_USER));
      assertThat(file).doesNotExist();
      assertThat(daemon.requests).containsExactly("POST /containers/" + ID + "/kill HTTP/1.0");
    }
  }

  @Test
  void aProcessThatEndedByItselfLeavesOnlyItsFile() throws Exception {
    try (ProbeServer daemon = daemon()) {
      containers.ended(run("--rm"), exit(ProcessInfo.Cause.EXITED));
      assertThat(file).doesNotExist();
      assertThat(daemon.requests).isEmpty();
    }
  }

  @Test
  void aDaemonThatIsAwayIsAskedWhenItAnswers() throws Exception {
    containers.ended(run("--rm"), exit(ProcessInfo.Cause.TIMEOUT));
    assertThat(file).exists();
    try (ProbeServer daemon = daemon()) {
      containers.daemonIsReady();
      assertThat(file).doesNotExist();
      assertThat(daemon.requests).hasSize(1);
    }
  }

  @Test
  void aDaemonThatFailsIsAskedAgainWhenItAnswers() throws Exception {
    try (ProbeServer daemon =
        new ProbeServer(
            layout.dockerSocket(), line -> "HTTP/1.0 500 Internal Server Error\r\n\r\n")) {
      containers.ended(run("--rm"), exit(ProcessInfo.Cause.TIMEOUT));
      assertThat(file).exists();
      containers.daemonIsReady();
      assertThat(daemon.requests).hasSize(2);
    }
  }

  @Test
  void anotherFileOrAWordOfTheContainersOwnIsNone() {
    containers.ended(
        List.of("docker", "run", "--cidfile=/elsewhere", "--", "image"),
        exit(ProcessInfo.Cause.TIMEOUT));
    containers.ended(
        List.of("docker", "run", "--", "image", "--cidfile=" + file),
        exit(ProcessInfo.Cause.TIMEOUT));
    assertThat(file).exists();
  }

  private ProbeServer daemon() throws IOException {
    return new ProbeServer(layout.dockerSocket(), line -> ProbeServer.ok(""));
  }

  private List<String> run(String option) {
    return List.of("docker", "run", "--cidfile=" + file, option, "--", "busybox", "sleep");
  }

  private static ProcessInfo.Exit exit(ProcessInfo.Cause cause) {
    return new ProcessInfo.Exit(143, "TERM", cause, 0);
  }
}
