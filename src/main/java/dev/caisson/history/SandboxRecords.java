package dev.caisson.history;

import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.secret.SecretFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/**
 * The records of sandboxes in the database, those that have ended included, until they are
 * forgotten. Environment values are never in them.
 */
@Component
final class SandboxRecords {
  private static final Logger log = LoggerFactory.getLogger(SandboxRecords.class);
  private static final String RUNNING = "state not in ('ENDED', 'FAILED')";

  /** The longest time a create waits for the database before it is refused. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int UUID_LENGTH = 36;

  private final Path home;
  private final Database database;
  private final BatchWriter ledger;
  private @Nullable String instance;

  SandboxRecords(SandboxProperties properties, Database database, BatchWriter ledger) {
    this.home = properties.home();
    this.database = database;
    this.ledger = ledger;
  }

  /**
   * Returns the id of this state directory, made once, by which its own sandboxes on the engine are
   * known.
   */
  synchronized String instance() {
    String known = instance;
    if (known == null) {
      known =
          new SecretFile(home.resolve("instance"), UUID_LENGTH)
              .readOrMake(() -> UUID.randomUUID().toString());
      instance = known;
    }
    return known;
  }

  /**
   * Makes the database this state directory's own: two of them in one would take each other's
   * sandboxes for their own.
   */
  void claim() {
    List<String> owners =
        database.read(sql -> sql.queryForList("select instance from owners", String.class));
    if (owners.isEmpty()) {
      ledger.write(
          page -> page.sql().update("insert into owners (instance) values (?)", instance()));
    } else if (!owners.contains(instance())) {
      throw new IllegalStateException(
          "The database belongs to the state directory with instance "
              + owners.getFirst()
              + ", this one ("
              + home
              + ") is "
              + instance()
              + ": give each a database of its own, or restore the file instance");
    }
  }

  /**
   * Records a sandbox before anything of it is made.
   *
   * @return the sandbox that has this key already, or null: it was recorded
   * @throws SandboxException.RecordsAway if the database does not take it in time
   */
  History.@Nullable Keyed begin(
      Sandbox sandbox, @Nullable String container, History.@Nullable Use use)
      throws InterruptedException {
    AtomicReference<History.@Nullable Keyed> taken = new AtomicReference<>();
    String id = sandbox.id().value();
    ledger.write(
        page -> {
          taken.set(use == null ? null : keyed(page.sql(), use.key()).orElse(null));
          History.Keyed holder = taken.get();
          if (holder != null && !holder.id().equals(sandbox.id())) {
            return;
          }
          taken.set(null);
          page.sql().update("delete from sandboxes where id = ?", id);
          page.sql()
              .update(
                  "insert into sandboxes (id, state, container, created_at, idempotency_key,"
                      + " fingerprint, record) values (?, ?, ?, ?, ?, ?, ?)",
                  id,
                  sandbox.state().name(),
                  container,
                  RecordJson.micros(sandbox.life().createdAt()),
                  use == null ? null : use.key(),
                  use == null ? null : use.fingerprint(),
                  json(sandbox));
          page.event(
              sandbox.id(), sandbox.life().createdAt(), EventData.SandboxMoved.from(sandbox));
        },
        page -> page.sql().update("delete from sandboxes where id = ?", id),
        PATIENCE);
    return taken.get();
  }

  Optional<History.Keyed> keyed(String key) {
    return database.read(sql -> keyed(sql, key));
  }

  /** Takes this key from this sandbox, if it has it. */
  void release(String key, SandboxId id) {
    ledger.write(page ->
        page.sql()
            .update(
                "update sandboxes set idempotency_key = null, fingerprint = null"
                    + " where id = ? and idempotency_key = ?",
                id.value(),
                key));
  }

  private static Optional<History.Keyed> keyed(JdbcTemplate sql, String key) {
    return sql
        .query(
            "select id, fingerprint from sandboxes where idempotency_key = ?",
            (row, _) -> new History.Keyed(new SandboxId(row.getString(1)), row.getString(2)),
            key)
        .stream()
        .findFirst();
  }

  /**
   * Records a change, with the event that tells of it, and returns when both are committed.
   *
   * @param known run then, before any reader sees the event
   */
  void save(Sandbox sandbox, @Nullable String container, Instant at, Runnable known) {
    Instant ended = sandbox.life().endedAt();
    ledger.write(
        new BatchWriter.Change() {
          @Override
          public void apply(WriteBatch page) {
            page.sql()
                .update(
                    "update sandboxes set state = ?, container = ?, ended_at = ?, record = ? where id = ?",
                    sandbox.state().name(),
                    container,
                    ended == null ? null : RecordJson.micros(ended),
                    json(sandbox),
                    sandbox.id().value());
            if (sandbox.state().isTerminal()) {
              DatabaseGrants.forgetAll(page, sandbox.id());
            }
            page.event(sandbox.id(), at, EventData.SandboxMoved.from(sandbox));
          }

          @Override
          public void committed() {
            known.run();
          }
        });
  }

  private static String json(Sandbox sandbox) {
    return RecordJson.text(sandbox.withoutEnv());
  }

  /** Lists the sandboxes that have not ended, for a service that starts. */
  List<History.Kept> running() {
    return database.read(sql -> query(sql, "where " + RUNNING));
  }

  /** Finds a sandbox, ended or not. */
  Optional<History.Kept> find(SandboxId id) {
    return database.read(sql -> query(sql, "where id = ?", id.value())).stream().findFirst();
  }

  /**
   * Lists the sandboxes after this one, newest first; from the newest if there is none of that id.
   */
  List<History.Kept> page(@Nullable SandboxState state, @Nullable SandboxId after, int limit) {
    return database.read(sql -> {
      StringBuilder where = new StringBuilder("where 1 = 1");
      List<Object> values = new ArrayList<>();
      if (state != null) {
        where.append(" and state = ?");
        values.add(state.name());
      }
      List<Long> age = new ArrayList<>();
      if (after != null) {
        sql.query(
            "select created_at from sandboxes where id = ?",
            row -> {
              age.add(row.getLong(1));
            },
            after.value());
      }
      if (after != null && !age.isEmpty()) {
        where.append(" and (created_at < ? or (created_at = ? and id > ?))");
        values.addAll(List.of(age.getFirst(), age.getFirst(), after.value()));
      }
      where.append(" order by created_at desc, id limit ").append(limit);
      return query(sql, where.toString(), values.toArray());
    });
  }

  /** Counts the sandboxes in each state. */
  Map<SandboxState, Long> counts() {
    Map<SandboxState, Long> counts = new EnumMap<>(SandboxState.class);
    database.read(sql ->
        sql.query(
            "select state, count(*) from sandboxes group by state",
            (row, _) -> counts.put(SandboxState.valueOf(row.getString(1)), row.getLong(2))));
    return counts;
  }

  /** Returns when the sandbox ended that has been over for longest. */
  Optional<Instant> firstEnd() {
    long at = database.number("select min(ended_at) from sandboxes");
    return at == 0 ? Optional.empty() : Optional.of(RecordJson.instant(at));
  }

  /** Lists the sandboxes that ended before this, at most 1000, those that ended first first. */
  List<SandboxId> endedBefore(Instant time) {
    return database.read(sql ->
        sql.query(
            "select id from sandboxes where ended_at < ? order by ended_at limit 1000",
            (row, _) -> new SandboxId(row.getString(1)),
            RecordJson.micros(time)));
  }

  /**
   * Removes everything that is recorded of a sandbox but its events, which have a time of their
   * own.
   */
  void forget(SandboxId id) {
    ledger.write(page -> {
      page.sql().update("delete from processes where sandbox = ?", id.value());
      page.sql().update("delete from public_ports where sandbox = ?", id.value());
      DatabaseGrants.forgetAll(page, id);
      page.sql().update("delete from sandboxes where id = ?", id.value());
    });
  }

  /** Reads the records that match; one that cannot be read is left where it is, and reported. */
  private static List<History.Kept> query(JdbcTemplate sql, String where, Object... values) {
    return sql
        .query(
            "select id, container, record from sandboxes " + where,
            (row, _) -> read(row.getString(1), row.getString(2), row.getString(3)),
            values)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<History.Kept> read(String id, @Nullable String container, String record) {
    try {
      Sandbox sandbox = RecordJson.read(record, Sandbox.class);
      Objects.requireNonNull(sandbox.life(), "no life in the record");
      return Optional.of(new History.Kept(sandbox, container));
    } catch (JacksonException | NullPointerException e) {
      log.atWarn().addKeyValue("sandbox", id).setCause(e).log("unreadable sandbox record");
      return Optional.empty();
    }
  }
}
