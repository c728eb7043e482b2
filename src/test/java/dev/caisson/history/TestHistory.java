package dev.caisson.history;

import dev.caisson.sandbox.History;
import dev.caisson.sandbox.SandboxProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What a service has of a database, made as Spring would; closed when the service stops. */
public final class TestHistory implements AutoCloseable {
  public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Database database;
  final EventLog events;
  final Ledger ledger;
  final SandboxRecords records;
  final ProcessRecords processes;
  final DatabaseGrants grants;
  final Archives archives;
  private final History history;

  public TestHistory(DataSource source, SandboxProperties properties) {
    Flyway.configure().dataSource(source).load().migrate();
    database = new Database(new JdbcTemplate(source), new JdbcTransactionManager(source));
    events = new EventLog(database);
    ledger = new Ledger(database, events, meters);
    records = new SandboxRecords(properties, database, ledger);
    processes = new ProcessRecords(database, ledger);
    grants = new DatabaseGrants(database, ledger);
    archives = new Archives(properties, database, ledger, meters);
    ledger.start();
    Clock clock = Clock.systemUTC();
    Sweeper sweeper = new Sweeper(records, archives, events, database, ledger, properties, clock);
    history = new DatabaseHistory(records, processes, events, archives, ledger, sweeper, clock);
  }

  /** In a file below the state directory, as the service has it. */
  public static DataSource h2(SandboxProperties properties) {
    return JdbcConnectionPool.create(
        "jdbc:h2:async:" + properties.home() + "/database/caisson;WRITE_DELAY=0", "", "");
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
