package dev.caisson.sandbox;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What a service has of a database, made as Spring would; closed when the service stops. */
final class History implements AutoCloseable {
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Database database;
  final EventLog events;
  final Ledger ledger;
  final SandboxRecords records;
  final ProcessRecords processes;
  final Archives archives;
  private final SandboxProperties properties;

  History(DataSource source, SandboxProperties properties) {
    this.properties = properties;
    Flyway.configure().dataSource(source).load().migrate();
    database = new Database(new JdbcTemplate(source), new JdbcTransactionManager(source));
    events = new EventLog(database);
    ledger = new Ledger(database, events, meters);
    records = new SandboxRecords(properties, database, ledger);
    processes = new ProcessRecords(database, ledger);
    archives = new Archives(properties, database, ledger, meters);
    ledger.start();
  }

  /** In a file below the state directory, as the service has it. */
  static DataSource h2(SandboxProperties properties) {
    return JdbcConnectionPool.create(
        "jdbc:h2:async:" + properties.home() + "/database/caisson;WRITE_DELAY=0", "", "");
  }

  SandboxWorld world(Engine engine, Supervisors supervisors, DaemonListener listener) {
    return new SandboxWorld(
        engine,
        supervisors,
        records,
        processes,
        events,
        archives,
        database,
        ledger,
        properties,
        List.of(listener),
        meters,
        Clock.systemUTC());
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
