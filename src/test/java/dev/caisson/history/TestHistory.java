package dev.caisson.history;

import dev.caisson.sandbox.History;
import dev.caisson.sandbox.SandboxProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What a service has of a database, made as Spring would; closed when the service stops. */
public final class TestHistory implements AutoCloseable {
  private static final String URL = "jdbc:h2:async:";

  public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Database database;
  final EventLog events;
  final BatchWriter ledger;
  final SandboxRecords records;
  final ProcessRecords processes;
  final DatabaseGrants grants;
  final Archives archives;
  final DatabaseBackup backup;
  private final History history;

  public TestHistory(DataSource source, SandboxProperties properties) {
    this(source, properties, Clock.systemUTC());
  }

  TestHistory(DataSource source, SandboxProperties properties, Clock clock) {
    Flyway.configure().dataSource(source).load().migrate();
    Reserve reserve = new Reserve(properties);
    database =
        new Database(
            new JdbcTemplate(source),
            new JdbcTransactionManager(source),
            new PoolRenewal(source),
            reserve);
    events = new EventLog(database);
    ledger = new BatchWriter(database, events, meters);
    records = new SandboxRecords(properties, database, ledger);
    processes = new ProcessRecords(database, ledger);
    grants = new DatabaseGrants(database, ledger);
    archives = new Archives(properties, database, ledger, meters);
    ledger.start();
    backup =
        new DatabaseBackup(
            properties, new BackupProperties(7, Duration.ofHours(24)), database, clock, URL);
    Sweeper sweeper =
        new Sweeper(
            records, archives, events, database, ledger, backup, reserve, properties, clock);
    history = new DatabaseHistory(records, processes, events, archives, ledger, sweeper, clock);
  }

  /** In a file below the state directory, as the service has it. */
  public static DataSource h2(SandboxProperties properties) {
    return JdbcConnectionPool.create(
        URL + properties.home() + "/database/caisson;WRITE_DELAY=0", "", "");
  }

  /** Those of a service that was told its state directory and nothing else. */
  static SandboxProperties properties(Path home) {
    return new Binder(
            new MapConfigurationPropertySource(Map.of("caisson.sandbox.home", home.toString())))
        .bind("caisson.sandbox", SandboxProperties.class)
        .get();
  }

  /** What a service has of it. */
  public History history() {
    return history;
  }

  /** Waits for an event after this one; false when there will be no more. */
  public boolean awaitEvent(long after) throws InterruptedException {
    return events.await(after);
  }

  /** Changes the database behind everybody's back. */
  public void write(String statement, Object... values) {
    ledger.write(page -> page.sql().update(statement, values));
  }

  /** The number that a query answers. */
  public long number(String query) {
    return database.number(query);
  }

  /** Everything that was handed in until now is in the database when this returns. */
  void settle() {
    ledger.write(page -> {});
  }

  @Override
  public void close() {
    ledger.stop();
  }
}
