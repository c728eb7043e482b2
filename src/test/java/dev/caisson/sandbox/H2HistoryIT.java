package dev.caisson.sandbox;

import javax.sql.DataSource;

/** The contract on H2, in a file. */
class H2HistoryIT extends HistoryContract {
  @Override
  DataSource source(SandboxProperties properties) {
    return History.h2(properties);
  }
}
