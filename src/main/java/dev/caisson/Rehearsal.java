package dev.caisson;

import dev.caisson.lifecycle.ServiceLifecycle;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Life;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Startup;
import dev.caisson.sandbox.Supervisors;
import dev.caisson.supervisor.wire.DaemonStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * Starts the service beside stand-ins for an engine and for the supervisor of a sandbox, asks it
 * what a caller asks, an exec some thousand times, and ends: the run in which its AOT cache is
 * made, with the classes that a start and a request need (JEP 483), and with what the compilers
 * have to know of them (JEP 515).
 */
final class Rehearsal {
  private static final SandboxId SANDBOX = new SandboxId("sb-rehearse");
  private static final String CONTAINER = "rehearsed";
  private static final int ROUNDS = 20;

  /**
   * So many that each method on their way is compiled as what stays busy, with the thresholds of
   * kit/rehearsal.args.
   */
  private static final int EXECS = 3000;

  private final ConfigurableApplicationContext service;
  private final Path home;
  private final int port;

  private Rehearsal(ConfigurableApplicationContext service, Path home) {
    this.service = service;
    this.home = home;
    this.port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  static void run() throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("caisson-rehearsal");
    try (RehearsedEngine engine = RehearsedEngine.start(SANDBOX);
        var service =
            SpringApplication.run(
                CaissonApplication.class,
                "--server.port=0",
                "--CAISSON_HOME=" + home,
                "--caisson.engine.host=" + engine.address())) {
      new Rehearsal(service, home).play();
    } finally {
      FileSystemUtils.deleteRecursively(home);
    }
  }

  private void play() throws IOException, InterruptedException {
    Clock clock = service.getBean(Clock.class);
    Supervisors supervisors = service.getBean(Supervisors.class);
    Path directory = supervisors.prepare(SANDBOX, 0);
    try (RehearsedSupervisor _ = RehearsedSupervisor.start(clock, SANDBOX, directory)) {
      recordSandbox(service.getBean(History.class), clock.instant());
      // Taken up as by a service that was restarted.
      ServiceLifecycle sandboxes = service.getBean(ServiceLifecycle.class);
      sandboxes.stop();
      sandboxes.start();
      ask();
    } finally {
      supervisors.forget(SANDBOX);
    }
  }

  private static void recordSandbox(History history, Instant now) throws InterruptedException {
    Sandbox sandbox =
        new Sandbox(
            SANDBOX,
            SandboxSpec.builder("debian", new Resources(1, 1 << 30, 1000, 0)).build(),
            Isolation.RUNC,
            null,
            Life.builder(SandboxState.READY, now).readyAt(now).build(),
            Startup.NONE,
            DaemonStatus.untouched(DaemonStatus.State.DISABLED, false, now.toEpochMilli() * 1000),
            List.of());
    history.begin(sandbox, CONTAINER, null);
  }

  /** A request of the rehearsal, and the status that answers it. */
  private record Line(String method, String path, String body, int status) {}

  private static final String PROCESSES = "/v1/sandboxes/" + SANDBOX + "/processes";
  private static final Line EXEC = new Line("POST", PROCESSES, "{\"command\":[\"true\"]}", 200);

  private static final List<Line> LINES =
      List.of(
          new Line("POST", PROCESSES, "{\"shell\":\"true\",\"background\":false}", 200),
          new Line("POST", "/v1/sandboxes", "{\"image\":\"Not An Image\"}", 400),
          new Line("GET", "/v1/sandboxes", "", 200),
          new Line("GET", "/v1/sandboxes/" + SANDBOX, "", 200),
          new Line("GET", "/v1/sandboxes/sb-unknownn/docker", "", 404));

  private void ask() throws IOException, InterruptedException {
    String key = Files.readString(home.resolve("admin.key")).strip();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int round = 0; round < ROUNDS; round++) {
        for (Line line : LINES) {
          say(client, line, key);
        }
      }
      for (int i = 0; i < EXECS; i++) {
        say(client, EXEC, key);
      }
    }
  }

  private void say(HttpClient client, Line line, String key)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + line.path()))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(line.method(), BodyPublishers.ofString(line.body()))
            .build();
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != line.status()) {
      throw new IOException(
          line.method() + " " + line.path() + ": " + answer.statusCode() + " " + answer.body());
    }
  }
}
