package dev.caisson.history;

import dev.caisson.registry.RegistryRecords;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The sealed credentials of registries, in the database. */
@Component
final class RegistryTable implements RegistryRecords {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Database database;
  private final BatchWriter ledger;

  RegistryTable(Database database, BatchWriter ledger) {
    this.database = database;
    this.ledger = ledger;
  }

  @Override
  public Map<String, String> all() {
    return database.read(sql -> {
      Map<String, String> all = new HashMap<>();
      sql.query(
          "select registry, sealed from registries",
          row -> {
            all.put(row.getString(1), row.getString(2));
          });
      return all;
    });
  }

  @Override
  public void replace(String registry, @Nullable String sealed, @Nullable String before)
      throws InterruptedException {
    ledger.write(
        page -> set(page, registry, sealed), page -> set(page, registry, before), PATIENCE);
  }

  private static void set(WriteBatch page, String registry, @Nullable String sealed) {
    page.sql().update("delete from registries where registry = ?", registry);
    if (sealed != null) {
      page.sql()
          .update("insert into registries (registry, sealed) values (?, ?)", registry, sealed);
    }
  }
}
