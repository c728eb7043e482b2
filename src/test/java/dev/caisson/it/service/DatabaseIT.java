package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.LocalTunnel;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.TunnelClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A real PostgreSQL in a container of a sandbox, used by its ordinary driver: by tunnel, by a
 * forward of one port, and at the sandbox's own loopback address.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseIT {
  private static final int POSTGRES = 5432;
  private static final int ROWS = 3000;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ServiceProcess service;
  private Api api;
  private String key;
  private String path;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    Machine.run("./kit/postgres.sh");
    service = ServiceProcess.start(home);
    api = service.api();
    key = Files.readString(home.resolve("admin.key")).strip();
    String sandbox = api.dockerSandbox(Machine.STATIC);
    path = "/v1/sandboxes/" + sandbox;
    String host = api.get(path + "/docker/connect").expecting(200).get("dockerHost").asString();
    Machine.run(
        "bash",
        "-euo",
        "pipefail",
        "-c",
        "docker save caisson/postgres:latest | DOCKER_HOST=" + host + " docker load");
    api.shellIn(sandbox, "docker run -d --name db -p 5432:5432 caisson/postgres:latest");
    // It says so on the way; its own client knows when it has really begun.
    Eventually.holds(
        () ->
            api.exec(
                    sandbox,
                    "docker",
                    "exec",
                    "db",
                    "/opt/postgresql/pg_isready",
                    "-h",
                    "127.0.0.1")
                .get("exit")
                .get("code")
                .asInt(),
        code -> code == 0);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void byTunnelsThatALocalPortLeadsInto() throws Exception {
    URI uri =
        URI.create(
            api.request(path + "/tunnels/" + POSTGRES)
                .GET()
                .build()
                .uri()
                .toString()
                .replaceFirst("^http", "ws"));
    try (LocalTunnel local =
        new LocalTunnel(
            () -> TunnelClient.open(CLIENT, uri, List.of(), "Authorization", "Bearer " + key))) {
      twoAtOnce("tunnel", "127.0.0.1", local.port());
      assertThat(local.failures()).isEmpty();
    }
  }

  @Test
  void byAForwardOfOnePort() throws Exception {
    JsonNode forward = api.post(path + "/forwards", Map.of("port", POSTGRES)).expecting(201);
    twoAtOnce("forward", "127.0.0.1", forward.get("listen").asInt());
    assertThat(api.delete(path + "/forwards/" + forward.get("id").asString()).status())
        .isEqualTo(204);
  }

  @Test
  void atTheLoopbackAddressOfItsSandboxUnderItsOwnNumber() throws Exception {
    JsonNode forward = api.post(path + "/docker/forward", Map.of()).expecting(200);
    twoAtOnce("address", forward.get("host").asString(), POSTGRES);
  }

  /** Two connections that write at the same time, and then see what the other has written. */
  private static void twoAtOnce(String table, String host, int port) throws Exception {
    String url = "jdbc:postgresql://" + host + ":" + port + "/postgres";
    long from = System.nanoTime();
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (who int, n int, text text, bytes bytea)");
    }
    CyclicBarrier both = new CyclicBarrier(2);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> clients = new ArrayList<>();
      for (int who = 0; who < 2; who++) {
        int own = who;
        clients.add(pool.submit(() -> client(url, table, own, both)));
      }
      for (Future<Long> each : clients) {
        assertThat(each.get()).isEqualTo(2L * ROWS);
      }
    }
    System.out.printf(
        "PostgreSQL by %s: 2 x %d rows written and read by two connections in %d ms%n",
        table, ROWS, (System.nanoTime() - from) / 1_000_000);
  }

  private static Long client(String url, String table, int who, CyclicBarrier both)
      throws SQLException, InterruptedException, BrokenBarrierException, TimeoutException {
    try (Connection connection = connect(url)) {
      connection.setAutoCommit(false);
      await(both);
      insert(connection, table, who);
      // Both have written, and neither has let the other see it.
      await(both);
      assertThat(count(connection, table, "who <> " + who)).isZero();
      await(both);
      connection.commit();
      await(both);
      assertThat(read(connection, table, 1 - who)).isEqualTo(ROWS);
      return count(connection, table, "true");
    }
  }

  private static void await(CyclicBarrier both)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    both.await(2, TimeUnit.MINUTES);
  }

  private static Connection connect(String url) throws SQLException {
    Properties properties = new Properties();
    properties.put("user", "caisson");
    properties.put("password", "caisson");
    properties.put("sslmode", "disable");
    properties.put("connectTimeout", "60");
    properties.put("socketTimeout", "120");
    return DriverManager.getConnection(url, properties);
  }

  private static void insert(Connection connection, String table, int who) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + table + " VALUES (?, ?, ?, ?)")) {
      Random random = new Random(who);
      for (int n = 0; n < ROWS; n++) {
        insert.setInt(1, who);
        insert.setInt(2, n);
        insert.setString(3, "row " + n + " of ".repeat(20) + who);
        insert.setBytes(4, bytes(random));
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).hasSize(ROWS);
    }
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[512];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The other's rows, in pieces as a cursor fetches them; how many were as they were written. */
  private static int read(Connection connection, String table, int who) throws SQLException {
    Random random = new Random(who);
    int same = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(100);
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT n, bytes FROM " + table + " WHERE who = " + who + " ORDER BY n")) {
        while (rows.next()) {
          assertThat(rows.getInt(1)).isEqualTo(same);
          assertThat(rows.getBytes(2)).isEqualTo(bytes(random));
          same++;
        }
      }
    }
    return same;
  }

  private static long count(Connection connection, String table, String where) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT count(*) FROM " + table + " WHERE " + where)) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }
}
