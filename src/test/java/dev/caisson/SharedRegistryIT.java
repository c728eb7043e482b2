package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two state directories on one engine: what they share is there until neither needs it. */
class SharedRegistryIT {
  private static final String NAME = "caisson-shared-test";
  private static final String CACHE = NAME + "-cache";

  private final int port = ServiceProcess.freePort();

  @TempDir Path one;
  @TempDir Path two;

  @AfterEach
  void removeWhatIsLeft() {
    Machine.attempt("docker", "rm", "-fv", CACHE);
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

  private void cache(Path home) throws IOException, InterruptedException {
    script(home, "cache", Machine.registryMirror());
    assertThat(runs()).isTrue();
  }

  private static boolean runs() {
    return Machine.run("docker", "ps", "-q", "--filter", "name=^" + CACHE + "$").length() > 0;
  }

  private static String claims() {
    return Machine.run("docker", "volume", "ls", "-q", "--filter", "name=" + NAME + "-claim-");
  }

  private String script(Path home, String... words) throws IOException, InterruptedException {
    ProcessBuilder script = new ProcessBuilder("./kit/registry.sh").redirectErrorStream(true);
    script.command().addAll(List.of(words));
    script.environment().put("CAISSON_HOME", home.toString());
    script.environment().put("CAISSON_REGISTRY_NAME", NAME);
    script.environment().put("CAISSON_CACHE_NAME", CACHE);
    script.environment().put("CAISSON_CACHE_PORT", Integer.toString(port));
    Process running = script.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(running.exitValue()).as(said).isZero();
    return said;
  }
}
