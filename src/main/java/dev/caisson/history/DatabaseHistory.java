package dev.caisson.history;

import dev.caisson.sandbox.History;
import dev.caisson.sandbox.KnownProcesses;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxHistory;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The history as this room has it: records and events in the database, output beside it. */
@Component
final class DatabaseHistory implements History {
  private final SandboxRecords records;
  private final ProcessRecords processes;
  private final EventLog events;
  private final Archives archives;
  private final BatchWriter ledger;
  private final Sweeper sweeper;
  private final Clock clock;

  DatabaseHistory(
      SandboxRecords records,
      ProcessRecords processes,
      EventLog events,
      Archives archives,
      BatchWriter ledger,
      Sweeper sweeper,
      Clock clock) {
    this.records = records;
    this.processes = processes;
    this.events = events;
    this.archives = archives;
    this.ledger = ledger;
    this.sweeper = sweeper;
    this.clock = clock;
  }

  @Override
  public String instance() {
    return records.instance();
  }

  @Override
  public void open() {
    records.claim();
    archives.open(id -> records.find(id).isPresent());
  }

  @Override
  public void sweep(Consumer<Sandbox> forgotten) {
    sweeper.start(forgotten);
  }

  @Override
  public void ended() {
    sweeper.news();
  }

  @Override
  public void close() {
    sweeper.stop();
    events.close();
  }

  @Override
  public @Nullable Keyed begin(Sandbox sandbox, @Nullable String container, @Nullable Use use)
      throws InterruptedException {
    return records.begin(sandbox, container, use);
  }

  @Override
  public SandboxHistory logbook(SandboxId id) {
    return new DatabaseLogbook(
        id, records, new SeenProcesses(id, processes, clock), archives, ledger, clock);
  }

  @Override
  public Optional<Keyed> keyed(String key) {
    return records.keyed(key);
  }

  @Override
  public void release(String key, SandboxId id) {
    records.release(key, id);
  }

  @Override
  public List<Kept> running() {
    return records.running();
  }

  @Override
  public Optional<Kept> find(SandboxId id) {
    return records.find(id);
  }

  @Override
  public List<Kept> page(@Nullable SandboxState state, @Nullable SandboxId after, int limit) {
    return records.page(state, after, limit);
  }

  @Override
  public Map<SandboxState, Long> counts() {
    return records.counts();
  }

  @Override
  public Path archived(SandboxId id) {
    return archives.processes(id);
  }

  @Override
  public KnownProcesses processes(Sandbox sandbox) {
    return processes.of(sandbox);
  }
}
