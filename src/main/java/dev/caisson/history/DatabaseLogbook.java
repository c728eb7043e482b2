package dev.caisson.history;

import dev.caisson.sandbox.DiskLevel;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxHistory;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.DiskUse;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The history that one writer hands to the ledger and to the archive, with the time at which it
 * did.
 */
final class DatabaseLogbook implements SandboxHistory {
  private final SandboxId id;
  private final SandboxRecords records;
  private final SeenProcesses sightings;
  private final Archives archives;
  private final BatchWriter ledger;
  private final Clock clock;

  DatabaseLogbook(
      SandboxId id,
      SandboxRecords records,
      SeenProcesses sightings,
      Archives archives,
      BatchWriter ledger,
      Clock clock) {
    this.id = id;
    this.records = records;
    this.sightings = sightings;
    this.archives = archives;
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public void save(Sandbox sandbox, @Nullable String container, Runnable known) {
    records.save(sandbox, container, clock.instant(), known);
  }

  @Override
  public void pulling(String image, String progress) {
    tell(new EventData.ImageProgress(image, progress));
  }

  @Override
  public void daemon(DaemonStatus status) {
    tell(EventData.DaemonMoved.from(status));
  }

  @Override
  public void disk(DiskLevel level, DiskUse use) {
    tell(new EventData.DiskMoved(level, use.limit(), use.used()));
  }

  private void tell(EventData event) {
    Instant at = clock.instant();
    ledger.append(page -> page.event(id, at, event));
  }

  @Override
  public void recall() {
    sightings.load();
  }

  @Override
  public void saw(ProcessInfo process) {
    sightings.saw(process);
  }

  @Override
  public void keep(InputStream tar) throws IOException {
    archives.keep(id, tar);
  }

  @Override
  public void keepPart() {
    archives.keepPart(id);
  }
}
