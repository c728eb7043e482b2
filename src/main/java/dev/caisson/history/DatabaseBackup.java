package dev.caisson.history;

import dev.caisson.sandbox.SandboxProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Copies of H2's file below {@code CAISSON_HOME/backup}, made while it is used, each a zip with the
 * file in it. PostgreSQL has ways of its own.
 */
@Component
final class DatabaseBackup {
  private static final Logger log = LoggerFactory.getLogger(DatabaseBackup.class);
  private static final String FILE = "database/caisson.mv.db";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'caisson-'uuuuMMdd'T'HHmmss'.zip'").withZone(ZoneOffset.UTC);

  private static final Predicate<String> NAMED =
      Pattern.compile("caisson-\\d{8}T\\d{6}\\.zip").asMatchPredicate();

  private final Path home;
  private final BackupProperties properties;
  private final Database database;
  private final Clock clock;
  private final boolean h2;

  DatabaseBackup(
      SandboxProperties sandboxes,
      BackupProperties properties,
      Database database,
      Clock clock,
      @Value("${spring.datasource.url}") String url) {
    this.home = sandboxes.home();
    this.properties = properties;
    this.database = database;
    this.clock = clock;
    this.h2 = url.startsWith("jdbc:h2:");
  }

  /** Makes a copy if the last is old enough; a failure is logged, and the next call tries again. */
  void makeIfDue() {
    if (!h2 || properties.kept() == 0) {
      return;
    }
    try {
      if (Duration.between(last(), clock.instant()).compareTo(properties.every()) >= 0) {
        make();
      }
    } catch (IOException | RuntimeException e) {
      log.atWarn().addKeyValue("error", e.getMessage()).log("the database was not backed up");
    }
  }

  /**
   * Returns when the last copy was made; of a service that has made none, when it was first
   * started.
   */
  private Instant last() throws IOException {
    List<Path> all = all();
    return all.isEmpty()
        ? Files.getLastModifiedTime(home.resolve("instance")).toInstant()
        : NAME.parse(all.getLast().getFileName().toString(), Instant::from);
  }

  private void make() throws IOException {
    Path file = home.resolve(FILE);
    if (Files.getFileStore(home).getUsableSpace() < 2 * Files.size(file)) {
      throw new IOException("less than twice its size is free");
    }
    HistoryDirectory.make(directory());
    Path made = directory().resolve(NAME.format(clock.instant()));
    Path part = Path.of(made + ".part");
    Files.deleteIfExists(part);
    try {
      database.read(sql -> sql.update("backup to ?", part.toString()));
      Files.move(part, made, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    log.atInfo()
        .addKeyValue("file", made.getFileName())
        .addKeyValue("bytes", Files.size(made))
        .log("database backed up");
    List<Path> all = all();
    for (Path old : all.subList(0, Math.max(0, all.size() - properties.kept()))) {
      Files.delete(old);
    }
  }

  /** Lists the copies, oldest first, which their names tell. */
  private List<Path> all() throws IOException {
    if (Files.notExists(directory())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory())) {
      return files.filter(file -> NAMED.test(file.getFileName().toString())).sorted().toList();
    }
  }

  private Path directory() {
    return home.resolve("backup");
  }
}
