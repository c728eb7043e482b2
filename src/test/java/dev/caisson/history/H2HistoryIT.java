package dev.caisson.history;

import dev.caisson.sandbox.SandboxProperties;
import javax.sql.DataSource;

/** The contract on H2, in a file. */
class H2HistoryIT extends HistoryContract {
  @Override
  DataSource source(SandboxProperties properties) {
    return TestHistory.h2(properties);
  }
}
