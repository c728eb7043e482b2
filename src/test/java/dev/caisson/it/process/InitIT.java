package dev.caisson.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The first process of a sandbox: held by nobody, and otherwise as a first process is to be. */
@ExtendWith(SharedService.class)
class InitIT {
  private static final List<String> ATTEMPTS =
      List.of("seize", "attach", "mem", "mem", "maps", "environ");

  @Test
  void rootOfAPlainSandboxGetsNoHoldOfIt(Api api, @TempDir Path directory) throws IOException {
    String sandbox = api.sandbox(Map.of("image", Machine.STATIC));
    Path hold = directory.resolve("hold");
    Machine.run(
        "gcc",
        "-static",
        "-Wall",
        "-Werror",
        "-o",
        hold.toString(),
        "src/test/resources/init/hold.c");
    api.put(
            "/v1/sandboxes/" + sandbox + "/files/content?path=/hold&mode=0755",
            HttpRequest.BodyPublishers.ofFile(hold))
        .expecting(201);
    JsonNode ended = api.exec(sandbox, "/hold");
    assertThat(Api.text(ended, "stdout").lines())
        .containsExactlyElementsOf(
            Stream.concat(
                    ATTEMPTS.stream().map(what -> what + " child: done"),
                    ATTEMPTS.stream()
                        .map(what ->
                            what
                                + " init: "
                                + (List.of("seize", "attach").contains(what)
                                    ? "Operation not permitted"
                                    : "Permission denied")))
                .toList());
    assertThat(api.get("/v1/sandboxes/" + sandbox).json().get("state").asString())
        .isEqualTo("READY");
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
  }

  @Test
  void itReapsWhoHasLostAParentAndEndsWithTheSupervisor(Api api) throws InterruptedException {
    String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    api.shell(sandbox, "for i in 1 2 3 4 5; do (setsid sh -c 'sleep 0.1; exit 3' &); done");
    Eventually.holds(
        () -> Machine.run("docker", "top", Machine.container(sandbox), "-eo", "pid,stat,comm"),
        all -> !all.contains("sleep") && all.lines().noneMatch(line -> line.contains(" Z")));
    String container = Machine.container(sandbox);
    Process waits = start("docker", "wait", container);
    Machine.kill9(Machine.hostPids(sandbox, "java").getFirst());
    assertThat(waits.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said(waits)).isEqualTo("137");
  }

  /** By whatever hand: the engine's stop sends it TERM, which the supervisor hears. */
  @Test
  void itHandsSignalsOn(Api api) {
    String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    String container = Machine.container(sandbox);
    long from = System.nanoTime();
    Machine.run("docker", "stop", "-t", "30", container);
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from)).isLessThan(20);
    JsonNode over =
        api.get("/v1/sandboxes/" + sandbox + "?waitFor=ENDED&timeout=PT30S").expecting(200);
    assertThat(over.get("state").asString()).isEqualTo("ENDED");
  }

  private static Process start(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String said(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
