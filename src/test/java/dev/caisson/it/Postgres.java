package dev.caisson.it;

import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * A real PostgreSQL for the tests of one class, on a port of its own; removed by {@link #close}.
 */
public final class Postgres implements AutoCloseable {
  private final int port = ServiceProcess.freePort();
  private final GenericContainer<?> container =
      new GenericContainer<>(DockerImageName.parse("caisson/postgres:latest"));

  public Postgres() {
    // A port that stays the same when the container is started again.
    container.setPortBindings(List.of("127.0.0.1:" + port + ":5432"));
    container
        .withExposedPorts(5432)
        .waitingFor(Wait.forLogMessage(".*ready to accept connections.*", 1))
        .withStartupTimeout(Duration.ofMinutes(1));
  }

  public void start() {
    Machine.run("./kit/postgres.sh");
    container.start();
  }

  public int port() {
    return port;
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  public void stopServer() {
    Machine.run("docker", "stop", "-t", "20", container.getContainerId());
  }

  public void startServer() {
    Machine.run("docker", "start", container.getContainerId());
  }

  @Override
  public void close() {
    container.stop();
  }
}
