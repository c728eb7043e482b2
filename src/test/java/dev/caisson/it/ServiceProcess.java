package dev.caisson.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The service as a user runs it: the packaged jar in a process of its own, on a port and a state
 * directory of its own. Closing it ends every sandbox it made.
 */
public final class ServiceProcess implements AutoCloseable {
  /** Unpacked, with its AOT cache, as the quickstart starts it. */
  private static final Path UNPACKED = Path.of("target", "service");

  /** An earlier version, as kit/older.sh has built it. */
  private static final Path OLDER = Path.of("target", "older");

  private static final Duration READY = Duration.ofMinutes(3);

  private final Path home;
  private final int port;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final @Nullable HttpClient trusting;
  private Path program = UNPACKED;
  private @Nullable Process process;

  private ServiceProcess(
      Path home, Map<String, String> environment, @Nullable HttpClient trusting) {
    this.home = home;
    this.trusting = trusting;
    this.port = freePort();
    this.environment.putAll(environment);
  }

  /** A running service with this state directory, told these things by environment. */
  public static ServiceProcess start(Path home, Map<String, String> environment) {
    return started(new ServiceProcess(home, environment, null));
  }

  /** One that is told to speak TLS, and a client that trusts it. */
  public static ServiceProcess startSecure(
      Path home, Map<String, String> environment, HttpClient trusting) {
    return started(new ServiceProcess(home, environment, trusting));
  }

  /** One of the earlier version. */
  public static ServiceProcess startOlder(Path home, Map<String, String> environment) {
    ServiceProcess service = new ServiceProcess(home, environment, null);
    service.program = OLDER;
    return started(service);
  }

  /** Starts this version, where an earlier one ran. */
  public void upgrade() {
    program = UNPACKED;
    start();
  }

  /** Starts the earlier version, where this one ran. */
  public void goBack() {
    program = OLDER;
    start();
  }

  private static ServiceProcess started(ServiceProcess service) {
    try {
      service.start();
    } catch (RuntimeException e) {
      // Nobody else can: it would run on, beside all tests that follow.
      try {
        service.close();
      } catch (RuntimeException late) {
        e.addSuppressed(late);
      }
      throw e;
    }
    return service;
  }

  public static ServiceProcess start(Path home) {
    return start(home, Map.of());
  }

  /** Starts it (again). */
  public void start() {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + program.resolve("java.args"),
            "-jar",
            program.resolve("caisson.jar").toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CAISSON_HOME", home.toString());
    builder.environment().put("SERVER_PORT", Integer.toString(port));
    builder.environment().put("LOG_LEVEL", "debug");
    builder.environment().put("CAISSON_SBOM", Path.of("target", "sbom").toString());
    builder.environment().put("CAISSON_SANDBOX_IMAGES_REGISTRIES", Machine.REGISTRIES);
    builder.environment().put("CAISSON_SANDBOX_DOCKER_REGISTRYMIRRORS", Machine.registryMirror());
    builder.environment().putAll(environment);
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitReady();
  }

  /** Starts it again, told these things from now on. */
  public void start(Map<String, String> more) {
    environment.putAll(more);
    start();
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Its state directory. */
  public Path home() {
    return home;
  }

  /** The id of its state directory. */
  public String instance() {
    try {
      return Files.readString(home.resolve("instance")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address. */
  public String base() {
    return (trusting == null ? "http" : "https") + "://127.0.0.1:" + port;
  }

  /** What it has logged. */
  public Path log() {
    return home.resolve("service.log");
  }

  public String logText() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Api api() {
    return new Api(
        URI.create(base()),
        key(),
        Objects.requireNonNullElse(trusting, Api.CLIENT),
        () -> program.equals(UNPACKED));
  }

  /** The key that may do everything. */
  public String key() {
    try {
      return Files.readString(home.resolve("admin.key")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line of its process's /proc status, such as VmHWM, the most memory it ever had. */
  public String status(String field) {
    try {
      return Files.readAllLines(Path.of("/proc/" + running().pid() + "/status")).stream()
          .filter(line -> line.startsWith(field + ":"))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kill -9}: nothing of it can clean up. */
  public void kill() throws InterruptedException {
    Process running = running();
    running.destroyForcibly();
    running.waitFor();
  }

  /** Whether its process runs. */
  public boolean isAlive() {
    return running().isAlive();
  }

  /** SIGTERM; answers how long it took. */
  public Duration terminate() throws InterruptedException {
    Process running = running();
    long from = System.nanoTime();
    running.destroy();
    if (!running.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("it did not end on SIGTERM");
    }
    return Duration.ofNanos(System.nanoTime() - from);
  }

  @Override
  public void close() {
    Process running = process;
    try {
      if (running != null && running.isAlive()) {
        Api api = api();
        for (String id : openSandboxes(api)) {
          api.delete("/v1/sandboxes/" + id + "?grace=PT0S");
        }
        terminate();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (running != null) {
        running.destroyForcibly();
      }
      Machine.removeSandboxesOf(home);
    }
  }

  private static List<String> openSandboxes(Api api) {
    List<String> ids = new ArrayList<>();
    for (String state : List.of("STARTING", "READY", "ENDING")) {
      api.get("/v1/sandboxes?limit=500&state=" + state)
          .json()
          .get("items")
          .forEach(sandbox -> ids.add(sandbox.get("id").asString()));
    }
    return ids;
  }

  private void awaitReady() {
    long end = System.nanoTime() + READY.toNanos();
    try (HttpClient plain = HttpClient.newHttpClient()) {
      HttpClient client = trusting == null ? plain : trusting;
      HttpRequest health =
          HttpRequest.newBuilder(URI.create(base() + "/actuator/health/readiness"))
              .timeout(Duration.ofSeconds(5))
              .build();
      while (true) {
        try {
          if (client.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException e) {
          // Not yet listening.
        }
        if (System.nanoTime() > end || !running().isAlive()) {
          throw new IllegalStateException("the service did not become ready:\n" + logText());
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }

  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
