package dev.caisson.supervisor.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which deaths the kernel's counter explains. */
class OomCounterTest {
  @TempDir Path directory;

  @Test
  void explainsOneDeathByOneKill() throws Exception {
    Path file = Files.createDirectories(directory.resolve("memory")).resolve("memory.oom_control");
    OomCounter counter = new OomCounter(directory, directory.resolve("self"));
    Files.writeString(file, "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
    assertThat(counter.read()).isEqualTo(3);
    assertThat(counter.claim(3)).isFalse();

    Files.writeString(file, "oom_kill 5\n");
    assertThat(counter.claim(3)).isTrue();
    assertThat(counter.claim(3)).isTrue();
    assertThat(counter.claim(3)).isFalse();
  }

  @Test
  void readsTheUnifiedHierarchyWhereThatIsTheOne() throws Exception {
    Path self = Files.writeString(directory.resolve("self"), "0::/init\n");
    Path file = Files.createDirectories(directory.resolve("init")).resolve("memory.events.local");
    Files.writeString(file, "low 0\noom 1\noom_kill 2\n");

    assertThat(new OomCounter(directory, self).read()).isEqualTo(2);
  }

  @Test
  void explainsNothingWithoutACounter() {
    OomCounter counter = new OomCounter(directory, directory.resolve("self"));
    assertThat(counter.read()).isZero();
    assertThat(counter.claim(0)).isFalse();
  }
}
