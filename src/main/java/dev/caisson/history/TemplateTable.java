package dev.caisson.history;

import dev.caisson.template.TemplateStore;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The templates, in the database. */
@Component
final class TemplateTable implements TemplateStore {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Database database;
  private final BatchWriter ledger;

  TemplateTable(Database database, BatchWriter ledger) {
    this.database = database;
    this.ledger = ledger;
  }

  @Override
  public List<String> all() {
    return database.read(sql ->
        sql.query("select record from templates order by name", (row, _) -> row.getString(1)));
  }

  @Override
  public void replace(String name, @Nullable String record, @Nullable String before)
      throws InterruptedException {
    ledger.write(page -> set(page, name, record), page -> set(page, name, before), PATIENCE);
  }

  private static void set(WriteBatch page, String name, @Nullable String record) {
    page.sql().update("delete from templates where name = ?", name);
    if (record != null) {
      page.sql().update("insert into templates (name, record) values (?, ?)", name, record);
    }
  }
}
