package dev.caisson.history;

import dev.caisson.access.Grant;
import dev.caisson.access.GrantRecords;
import dev.caisson.sandbox.SandboxId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The grants of all sandboxes that have not ended, in the database. */
@Component
final class DatabaseGrants implements GrantRecords {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Database database;
  private final BatchWriter ledger;

  DatabaseGrants(Database database, BatchWriter ledger) {
    this.database = database;
    this.ledger = ledger;
  }

  @Override
  public void add(Hashed hashed) throws InterruptedException {
    Grant grant = hashed.grant();
    ledger.write(
        page -> {
          forget(page, grant.id());
          page.sql()
              .update(
                  "insert into grants (id, sandbox, scope, port, expires_at, token_hash)"
                      + " values (?, ?, ?, ?, ?, ?)",
                  grant.id(),
                  grant.sandbox(),
                  grant.scope().name(),
                  grant.port(),
                  RecordJson.micros(grant.expiresAt()),
                  hashed.hash());
        },
        page -> forget(page, grant.id()),
        PATIENCE);
  }

  @Override
  public @Nullable Hashed find(String id) {
    return database
        .read(sql ->
            sql.query(
                "select * from grants where id = ?",
                (row, _) -> new Hashed(grant(row), row.getString("token_hash")),
                id))
        .stream()
        .findFirst()
        .orElse(null);
  }

  @Override
  public List<Grant> list(String sandbox) {
    return database.read(sql ->
        sql.query(
            "select * from grants where sandbox = ? order by expires_at, id",
            (row, _) -> grant(row),
            sandbox));
  }

  @Override
  public List<Grant> endingBy(Instant time) {
    return database.read(sql ->
        sql.query(
            "select * from grants where expires_at <= ? order by expires_at",
            (row, _) -> grant(row),
            RecordJson.micros(time)));
  }

  @Override
  public @Nullable Instant firstEnd() {
    long first = database.number("select min(expires_at) from grants");
    return first == 0 ? null : RecordJson.instant(first);
  }

  @Override
  public void remove(String id) {
    ledger.write(page -> forget(page, id));
  }

  private static void forget(WriteBatch page, String id) {
    page.sql().update("delete from grants where id = ?", id);
  }

  /** Forgets the grants of a sandbox that is over. */
  static void forgetAll(WriteBatch page, SandboxId sandbox) {
    page.sql().update("delete from grants where sandbox = ?", sandbox.value());
  }

  private static Grant grant(ResultSet row) throws SQLException {
    int port = row.getInt("port");
    return new Grant(
        row.getString("id"),
        row.getString("sandbox"),
        Grant.Scope.valueOf(row.getString("scope")),
        port == 0 ? null : port,
        RecordJson.instant(row.getLong("expires_at")));
  }
}
