package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two state directories on one engine: what they share is there until neither needs it. */
class SharedRegistryIT {
  private static final String NAME = "caisson-shared-test";
  private final RegistryScript script = new RegistryScript(NAME);

  @TempDir Path one;
  @TempDir Path two;

  @AfterEach
  void removeWhatIsLeft() {
    Machine.attempt("docker", "rm", "-fv", script.cache());
    for (String volume : claims().lines().toList()) {
      Machine.run("docker", "volume", "rm", volume);
    }
  }

  @Test
  void whatTwoUseIsRemovedWithTheSecondOfThem() throws Exception {
    cache(one);
    cache(two);
    assertThat(script(two, "stop")).contains("is used by " + one);
    assertThat(runs()).isTrue();
    script(one, "stop");
    assertThat(runs()).isFalse();
    assertThat(claims()).isEmpty();
  }

  @Test
  void aStateDirectoryThatIsGoneKeepsNothing() throws Exception {
    cache(one);
    cache(two);
    Files.delete(two);
    script(one, "stop");
    assertThat(runs()).isFalse();
    assertThat(claims()).isEmpty();
  }

  @Test
  void aCacheThatOthersUseIsNotMadeAnewForAnotherUpstream() throws Exception {
    cache(one);
    String made = container();
    assertThat(script(two, "cache", "http://127.0.0.1:1"))
        .contains("is used by " + one, "CAISSON_CACHE_NAME");
    assertThat(container()).isEqualTo(made);
    script(one, "stop");
    script(two, "cache", "http://127.0.0.1:1");
    assertThat(container()).isNotEqualTo(made);
  }

  /** Of an engine that the first has started: here it is a process that does nothing. */
  @Test
  void anEngineThatAnotherUsesIsHandedOnAndNotEnded() throws Exception {
    cache(one);
    cache(two);
    Process engine = new ProcessBuilder("sleep", "600").start();
    try {
      String mark = engine.pid() + " " + ticks(engine.pid()) + "\n";
      Files.writeString(one.resolve("engine.pid"), mark);

      String said = script.run("engine.sh", one, "stop");

      assertThat(engine.isAlive()).as(said).isTrue();
      assertThat(said).contains("is used by " + two);
      assertThat(one.resolve("engine.pid")).doesNotExist();
      assertThat(two.resolve("engine.pid")).hasContent(mark);
    } finally {
      engine.destroyForcibly();
    }
  }

  private static String ticks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
  }

  private String container() {
    return Machine.run(
        "docker", "ps", "-q", "--no-trunc", "--filter", "name=^" + script.cache() + "$");
  }

  private void cache(Path home) throws IOException, InterruptedException {
    script(home, "cache", Machine.registryMirror());
    assertThat(runs()).isTrue();
  }

  private boolean runs() {
    return !container().isEmpty();
  }

  private static String claims() {
    return Machine.run("docker", "volume", "ls", "-q", "--filter", "name=" + NAME + "-claim-");
  }

  private String script(Path home, String... words) throws IOException, InterruptedException {
    return script.run("registry.sh", home, words);
  }
}
