package dev.caisson.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.journal.Journal;
import dev.caisson.supervisor.journal.JournalFormat;
import dev.caisson.supervisor.wire.Codec;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.StreamName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive as the sandbox's root can have written it. */
class ProcessArchiveTest {
  private static final long NOW = 1_764_000_000_000_000L;

  @TempDir Path directory;
  private ProcessArchive archive;

  @BeforeEach
  void open() {
    archive = new ProcessArchive(SandboxId.random(), directory, ProcessInfo.Cause.SUPERVISOR_LOST);
  }

  private void write(long name, byte[] record) throws IOException {
    Files.write(
        Files.createDirectory(directory.resolve(Long.toString(name))).resolve("record"), record);
  }

  private static byte[] record(long pid, List<String> command) throws IOException {
    return Codec.encodeRecord(
        ProcessInfo.builder(pid, command)
            .startedAt(NOW + pid)
            .exit(new ProcessInfo.Exit(0, null, ProcessInfo.Cause.EXITED, NOW + pid))
            .build());
  }

  private List<Long> listed() {
    List<Long> pids = new ArrayList<>();
    for (Iterator<ProcessInfo> all = archive.processes(); all.hasNext(); ) {
      pids.add(all.next().pid());
    }
    return pids;
  }

  @Test
  void listsWhatIsARecordAndNothingElse() throws Exception {
    write(5, record(5, List.of("a")));
    write(12, record(12, List.of("b")));
    write(7, record(8, List.of("the name of another")));
    write(6, "nonsense".getBytes(StandardCharsets.UTF_8));
    write(9, new byte[0]);
    write(10, record(10, Collections.nCopies(10_001, "")));
    write(11, record(11, List.of("x".repeat(ProcessInfo.LONGEST))));
    Files.createDirectory(directory.resolve("dockerd"));
    Files.createDirectory(directory.resolve("99999999999999999999999"));
    Files.createSymbolicLink(directory.resolve("13"), Path.of("/proc/self"));

    assertThat(listed()).containsExactly(5L, 12L);
    assertThat(archive.process(10)).isNull();
  }

  /** Appends to the log of the processes that ended without a word. */
  private void log(byte[]... records) {
    Journal log = new Journal(directory.resolve("ended"), 0, Clock.systemUTC());
    for (byte[] record : records) {
      ByteBuffer frame = ByteBuffer.allocate(JournalFormat.FRAME_HEADER + record.length);
      frame.put(JournalFormat.FRAME_HEADER, record);
      log.append(StreamName.STDOUT, frame);
    }
    log.close();
  }

  @Test
  void listsWhatTheLogHasAmongTheOthers() throws Exception {
    write(5, record(5, List.of("a")));
    Files.createDirectory(directory.resolve("9"));
    log(
        record(7, List.of("b")),
        record(5, List.of("its earlier namesake")),
        "nonsense".getBytes(StandardCharsets.UTF_8),
        record(3, List.of("c")),
        record(9, List.of("of which another has a directory")),
        record(3, List.of("c again")));

    assertThat(listed()).containsExactly(3L, 5L, 7L);
    assertThat(archive.process(3)).extracting(ProcessInfo::command).isEqualTo(List.of("c again"));
    assertThat(archive.process(5)).extracting(ProcessInfo::command).isEqualTo(List.of("a"));
    assertThat(archive.holds("7")).isTrue();
    assertThat(archive.holds("8")).isFalse();
    assertThat(archive.first(7, StreamName.STDOUT, 10)).isEmpty();
  }

  @Test
  void hasNoneWhereThereIsNoArchive() throws Exception {
    Files.delete(directory);

    assertThat(listed()).isEmpty();
    Files.createDirectory(directory);
  }

  @Tag("slow")
  @Test
  void readsTheNewestOfMoreThanAnySupervisorKeeps() throws Exception {
    for (long pid = 1; pid <= 10_100; pid++) {
      write(pid, record(pid, List.of("a")));
    }

    assertThat(listed()).hasSize(10_000).startsWith(101L).endsWith(10_100L);
  }

  /** 200 records of 4 MiB with 830,000 arguments each took the service down at every start. */
  @Test
  void readsHugeRecordsWithASmallHeap() throws Exception {
    byte[] huge = record(9000, Collections.nCopies(830_000, ""));
    write(9000, huge);
    for (long pid = 9001; pid < 9200; pid++) {
      Path process = Files.createDirectory(directory.resolve(Long.toString(pid)));
      Files.createLink(process.resolve("record"), directory.resolve("9000/record"));
    }
    for (long pid = 9200; pid < 9240; pid++) {
      write(pid, record(pid, Collections.nCopies(10_000, "x".repeat(220))));
    }
    write(9240, record(9240, List.of("honest")));
    Process reading =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                ArchiveReading.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(reading.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(reading.waitFor()).as(said).isZero();
    // 64 MiB of them: the newest come first.
    assertThat(said).contains("listed 30");
  }
}
