package dev.caisson.it.docker;

import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Somebody's test with modules of Testcontainers, in a JVM of its own, which knows where the daemon
 * is by its environment alone. Prints what it has got from each.
 */
final class TestcontainersModules {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private TestcontainersModules() {}

  public static void main(String[] args) throws Exception {
    postgres();
    kafka();
    compose(new File(args[0]));
  }

  private static void postgres() throws SQLException {
    try (PostgreSQLContainer postgres =
        new PostgreSQLContainer(
                DockerImageName.parse("own/postgres:1").asCompatibleSubstituteFor("postgres"))
            .withDatabaseName("orders")
            .withStartupTimeout(PATIENCE)) {
      postgres.start();
      System.out.println("url=" + postgres.getJdbcUrl());
      try (Connection connection =
              DriverManager.getConnection(
                  postgres.getJdbcUrl(), postgres.getUsername(), postgres.getPassword());
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT current_database(), current_user")) {
        rows.next();
        System.out.println("database=" + rows.getString(1) + " user=" + rows.getString(2));
      }
    }
  }

  /** What it advertises is known only when its port is, and copied into it as it runs. */
  private static void kafka() throws IOException {
    try (KafkaContainer kafka =
        new KafkaContainer(
                DockerImageName.parse("own/broker:1").asCompatibleSubstituteFor("apache/kafka"))
            .withStartupTimeout(PATIENCE)) {
      kafka.start();
      System.out.println("bootstrap=" + kafka.getBootstrapServers());
      try (Socket socket = new Socket(kafka.getHost(), kafka.getMappedPort(9092))) {
        System.out.println(
            "advertised="
                + new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  private static void compose(File file) throws IOException, InterruptedException {
    try (ComposeContainer project =
            new ComposeContainer(
                    DockerImageName.parse("own/docker:1").asCompatibleSubstituteFor("docker"), file)
                .withExposedService("page", 80, Wait.forHttp("/").withStartupTimeout(PATIENCE))
                .waitingFor(
                    "reader", Wait.forLogMessage(".*read it.*", 1).withStartupTimeout(PATIENCE));
        HttpClient http = HttpClient.newHttpClient()) {
      project.start();
      String address =
          project.getServiceHost("page", 80) + ":" + project.getServicePort("page", 80);
      System.out.println("page=" + address);
      System.out.println(
          "content="
              + http.send(
                      HttpRequest.newBuilder(URI.create("http://" + address + "/")).build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body());
      System.out.println(
          "reader="
              + project
                  .getContainerByServiceName("reader")
                  .orElseThrow()
                  .execInContainer("wget", "-qO-", "http://page/")
                  .getStdout());
    }
  }
}
