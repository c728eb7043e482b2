package dev.caisson.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.sandbox.SandboxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is free on a host, and what went of it. The engine's directory is {@code /}. */
class HostDiskTest {
  private static final Path HOME = Path.of("/home");
  private static final Path ENGINE = Path.of("/");

  private final Map<Path, HostDisk.Space> spaces = new HashMap<>();
  private final HostDisk disk =
      new HostDisk(
          HOME,
          new FakeEngine(),
          new DiskProperties(0.05, 0.02, Duration.ofDays(1), Duration.ofDays(1)),
          path -> Objects.requireNonNull(spaces.get(path)));

  @Test
  void nothingIsAdmittedWhereOneOfTheTwoIsNearlyFull() {
    put(1, 50, 2, 50);
    disk.admit();
    put(1, 50, 2, 4);
    assertThatThrownBy(disk::admit)
        .isInstanceOf(SandboxException.HostDiskFull.class)
        .hasMessageContaining("4.0 %");
    put(1, 3, 2, 4);
    assertThat(Objects.requireNonNull(disk.below(0.05)).path()).isEqualTo(HOME);
    assertThat(disk.below(0.02)).isNull();
  }

  @Test
  void aFileSystemOfWhichNothingIsKnownIsNotFull() {
    spaces.put(HOME, new HostDisk.Space(1, 0, 0));
    spaces.put(ENGINE, new HostDisk.Space(1, 0, 0));
    assertThat(disk.below(1)).isNull();
    put(1, 50, 2, 50);
    disk.taken();
    spaces.put(ENGINE, new HostDisk.Space(ENGINE, 0, 0));
    assertThat(disk.taken()).isZero();
  }

  @Test
  void whatWentOfBothCounts() {
    put(1, 50, 2, 50);
    assertThat(disk.taken()).isZero();
    put(1, 49, 2, 47);
    assertThat(disk.taken()).isEqualTo(4);
    assertThat(disk.taken()).isZero();
  }

  @Test
  void whatIsOneFileSystemCountsOnce() {
    put(1, 50, 1, 50);
    disk.taken();
    put(1, 40, 1, 40);
    assertThat(disk.taken()).isEqualTo(10);
  }

  @Test
  void whatCameBackHidesNothingOfWhatWentElsewhere() {
    put(1, 50, 2, 50);
    disk.taken();
    put(1, 90, 2, 45);
    assertThat(disk.taken()).isEqualTo(5);
  }

  private void put(int home, long freeAtHome, int engine, long freeAtEngine) {
    spaces.put(HOME, new HostDisk.Space(home, 100, freeAtHome));
    spaces.put(ENGINE, new HostDisk.Space(engine, 100, freeAtEngine));
  }
}
