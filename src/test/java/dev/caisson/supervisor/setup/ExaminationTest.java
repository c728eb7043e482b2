package dev.caisson.supervisor.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the kernel's own settings are read: they can be had in one read alone. */
class ExaminationTest {
  @TempDir Path directory;

  @Test
  void aSettingOfTheKernelIsReadWhole() throws IOException {
    Path setting = Path.of("/proc/sys/fs/nr_open");
    assertThat(Examination.line(setting))
        .hasSizeGreaterThan(1)
        .isEqualTo(Files.readAllLines(setting).getFirst());
  }

  @Test
  void whatIsNotThereOrEmptyIsNothing() throws IOException {
    assertThat(Examination.line(directory.resolve("none"))).isEmpty();
    assertThat(Examination.line(Files.createFile(directory.resolve("empty")))).isEmpty();
  }
}
