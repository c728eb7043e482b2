package dev.caisson.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.caisson.sandbox.SandboxProperties;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.mock.env.MockEnvironment;

/** Copies of the database: when they are made, how many are kept, and what they are good for. */
class DatabaseBackupTest {
  private static final Instant START = Instant.parse("2026-11-22T06:00:00Z");

  @TempDir Path home;
  private SandboxProperties properties;
  private Instant now = START;

  @BeforeEach
  void first() throws IOException {
    properties = TestHistory.properties(home);
    Path instance = Files.writeString(home.resolve("instance"), "i");
    Files.setLastModifiedTime(instance, FileTime.from(START));
  }

  /** Where time is what the test says. */
  private TestHistory open() {
    InstantSource clock = () -> now;
    return new TestHistory(TestHistory.h2(properties), properties, clock.withZone(ZoneOffset.UTC));
  }

  private List<Path> copies() throws IOException {
    Path directory = home.resolve("backup");
    if (Files.notExists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  @Test
  void oneIsMadeADayAndSevenAreKept() throws IOException {
    try (TestHistory history = open()) {
      history.backup.makeIfDue();
      assertThat(copies()).as("a service that has just been started for the first time").isEmpty();
      for (int hours = 0; hours < 24 * 9; hours++) {
        now = now.plus(Duration.ofHours(1));
        history.backup.makeIfDue();
      }
    }
    assertThat(copies()).hasSize(7);
    assertThat(copies().getFirst().getFileName()).hasToString("caisson-20261125T060000.zip");
    assertThat(copies().getLast().getFileName()).hasToString("caisson-20261201T060000.zip");
    assertThat(Files.getPosixFilePermissions(home.resolve("backup"))).hasSize(3);
  }

  @Test
  void aDamagedFileIsSaidInTwoLinesAndWhatWasCopiedIsThereAgain() throws IOException {
    JdbcConnectionPool source = (JdbcConnectionPool) TestHistory.h2(properties);
    try (TestHistory history = new TestHistory(source, properties)) {
      history.write("insert into owners (instance) values (?)", "before");
      Files.setLastModifiedTime(
          home.resolve("instance"), FileTime.from(Instant.now().minus(Duration.ofDays(2))));
      history.backup.makeIfDue();
      history.write("delete from owners");
    }
    source.dispose();
    Path file = home.resolve("database/caisson.mv.db");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }

    Throwable failure = catchThrowable(this::open);
    FailureAnalysis said =
        Objects.requireNonNull(
            new DamagedDatabaseFailure(
                    new MockEnvironment().withProperty("caisson.sandbox.home", home.toString()))
                .analyze(failure));
    assertThat(said.getDescription()).contains(file.toString()).doesNotContain("\n");
    assertThat(said.getAction()).contains(home + "/backup").doesNotContain("\n");

    Files.delete(file);
    try (ZipFile copy = new ZipFile(copies().getFirst().toFile())) {
      Files.copy(copy.getInputStream(Objects.requireNonNull(copy.getEntry("caisson.mv.db"))), file);
    }
    try (TestHistory history = open()) {
      assertThat(history.number("select count(*) from owners where instance = 'before'"))
          .isEqualTo(1);
    }
  }

  @Test
  void otherFailuresOfAStartAreSaidByOthers() {
    assertThat(
            new DamagedDatabaseFailure(new MockEnvironment())
                .analyze(new IllegalStateException(new IOException("x"))))
        .isNull();
  }
}
