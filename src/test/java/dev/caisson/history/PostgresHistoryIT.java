package dev.caisson.history;

import dev.caisson.it.Postgres;
import dev.caisson.sandbox.SandboxProperties;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.postgresql.ds.PGSimpleDataSource;

/** The contract on a real PostgreSQL. */
class PostgresHistoryIT extends HistoryContract {
  private static Postgres postgres;

  @BeforeAll
  static void start() {
    postgres = new Postgres();
    postgres.start();
  }

  @AfterAll
  static void remove() {
    postgres.close();
  }

  @Override
  DataSource source(SandboxProperties properties) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(postgres.url());
    source.setUser("caisson");
    source.setPassword("caisson");
    return source;
  }
}
