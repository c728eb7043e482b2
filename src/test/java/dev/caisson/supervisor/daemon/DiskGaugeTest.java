package dev.caisson.supervisor.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.DiskUse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted where there is no limit, and what is asked where there is one. */
class DiskGaugeTest {

  @TempDir Path data;

  @Test
  void withoutALimitFilesAreCountedEachOnce() throws Exception {
    Path layer = Files.createDirectories(data.resolve("overlay2/a/diff"));
    Path one = Files.write(layer.resolve("one"), new byte[1000]);
    Files.createLink(layer.resolve("the-same"), one);
    Files.createSymbolicLink(layer.resolve("nowhere"), Path.of("/no/such/file"));
    Files.write(data.resolve("two"), new byte[24]);

    assertThat(new DiskGauge(data, 0).now()).isEqualTo(new DiskUse(0, 1024));
  }

  @Test
  void withALimitItIsWhatTheFileSystemDoesNotGiveAnyMore() throws Exception {
    long free = Files.getFileStore(data).getUsableSpace();

    DiskUse use = new DiskGauge(data, Long.MAX_VALUE / 2).now();

    assertThat(use.used()).isBetween(use.limit() - 2 * free, use.limit());
  }

  @Tag("slow")
  @Test
  void theFirstLookIsTold() throws Exception {
    BlockingQueue<DiskUse> told = new LinkedBlockingQueue<>();
    DiskGauge gauge = new DiskGauge(data, 0);
    gauge.start(told::add);
    try {
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(new DiskUse(0, 0));
    } finally {
      gauge.close();
    }
  }
}
