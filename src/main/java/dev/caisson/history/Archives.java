package dev.caisson.history;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The output that is kept of sandboxes that have ended: a directory for each, all of them within a
 * bound. Where that is met, the output of the one that has been over for longest goes first.
 */
@Component
final class Archives {
  private static final Logger log = LoggerFactory.getLogger(Archives.class);

  private final Path root;
  private final long limit;
  private final Database database;
  private final BatchWriter ledger;
  private final SandboxArchive archive = new SandboxArchive();
  private final AtomicLong bytes = new AtomicLong();

  Archives(
      SandboxProperties properties, Database database, BatchWriter ledger, MeterRegistry meters) {
    this.root = properties.home().resolve("sandboxes");
    this.limit = properties.archiveLimit().toBytes();
    this.database = database;
    this.ledger = ledger;
    HistoryDirectory.make(root);
    Gauge.builder("caisson.archive.bytes", bytes, AtomicLong::get)
        .description("Kept of the output of sandboxes that have ended")
        .register(meters);
    Gauge.builder("caisson.archive.limit.bytes", this, archives -> archives.limit).register(meters);
  }

  /** Returns where the archived processes of a sandbox are, if there are any. */
  Path processes(SandboxId id) {
    return root.resolve(id.value()).resolve("processes");
  }

  /**
   * Counts the bytes that are kept, and removes the directories that no record speaks of: a crash
   * came between the two.
   */
  void open(Predicate<SandboxId> isKept) {
    bytes.set(database.number("select sum(archive_bytes) from sandboxes"));
    try (var directories = Files.newDirectoryStream(root, "sb-*")) {
      for (Path directory : directories) {
        Optional<SandboxId> id = SandboxId.parse(directory.getFileName().toString());
        if (id.isPresent() && !isKept.test(id.get())) {
          FileSystemUtils.deleteRecursively(directory);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + root, e);
    }
  }

  /**
   * Keeps the content of this tar, in place of what an earlier try has taken.
   *
   * @throws IOException if it cannot be read or written; nothing is kept then
   */
  void keep(SandboxId id, InputStream tar) throws IOException {
    Path directory = root.resolve(id.value());
    Path part = directory.resolve("processes.part");
    FileSystemUtils.deleteRecursively(directory);
    Files.createDirectories(directory);
    long taken = archive.take(tar, part);
    Files.move(part, processes(id), StandardCopyOption.ATOMIC_MOVE);
    ledger.write(page -> size(page, id, taken));
    bytes.addAndGet(taken);
  }

  /**
   * Keeps the part that was taken, after the last try to read the whole: it is better than nothing.
   */
  void keepPart(SandboxId id) {
    Path part = root.resolve(id.value()).resolve("processes.part");
    try {
      if (Files.isDirectory(part)) {
        Files.move(part, processes(id), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      log.atWarn().addKeyValue("sandbox", id).setCause(e).log("nothing of its output is kept");
    }
  }

  /** Removes output until all of it is within the bound. */
  void bound() {
    while (bytes.get() > limit) {
      List<Sized> oldest =
          database.read(sql ->
              sql.query(
                  "select id, archive_bytes from sandboxes where archive_bytes > 0"
                      + " and ended_at is not null order by ended_at limit 1",
                  (row, _) -> new Sized(new SandboxId(row.getString(1)), row.getLong(2))));
      if (oldest.isEmpty()) {
        return;
      }
      SandboxId id = oldest.getFirst().id();
      log.atInfo()
          .addKeyValue("sandbox", id)
          .addKeyValue("bytes", oldest.getFirst().bytes())
          .log("output removed, the archive is full");
      remove(id, oldest.getFirst().bytes());
      ledger.write(page -> size(page, id, 0));
    }
  }

  private record Sized(SandboxId id, long bytes) {}

  /** Removes what is kept of a sandbox that is about to be forgotten. */
  void forget(SandboxId id) {
    remove(id, database.number("select archive_bytes from sandboxes where id = ?", id.value()));
  }

  private void remove(SandboxId id, long size) {
    try {
      FileSystemUtils.deleteRecursively(root.resolve(id.value()));
      bytes.addAndGet(-size);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the archive of " + id, e);
    }
  }

  private static void size(WriteBatch page, SandboxId id, long size) {
    page.sql().update("update sandboxes set archive_bytes = ? where id = ?", size, id.value());
  }
}
