package dev.caisson.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Inner containers end as they are made to end when their sandbox does. */
@ExtendWith(SharedService.class)
class GracefulEndIT {

  @Test
  void containersGetTheirStopSignalAndTheirStopTimeWithinTheGrace(Api api) throws IOException {
    String sandbox = api.dockerSandbox(Machine.STATIC);
    run(
        api,
        sandbox,
        "--name=obedient",
        "--stop-signal=USR1",
        "--volume=kept:/kept",
        "busybox",
        "sh",
        "-c",
        "trap 'echo asked >>/kept/end; sleep 2; echo done >>/kept/end; exit 0' USR1;"
            + " echo began >/kept/end; while :; do sleep 0.1; done");
    // One that does not listen and has little time must not use up the others'.
    run(
        api,
        sandbox,
        "--name=deaf",
        "--stop-timeout=1",
        "--volume=deaf:/kept",
        "busybox",
        "sh",
        "-c",
        "trap '' TERM; echo began >/kept/end; while :; do sleep 0.1; done");
    Path kept = volume(sandbox, "kept");
    Eventually.holds(() -> Files.exists(kept), Boolean::booleanValue);
    Eventually.holds(() -> Files.exists(volume(sandbox, "deaf")), Boolean::booleanValue);

    // Held open, it can be read when its directory is gone with the sandbox.
    try (InputStream file = Files.newInputStream(kept)) {
      long from = System.nanoTime();
      JsonNode ended = api.delete("/v1/sandboxes/" + sandbox + "?grace=PT60S").expecting(200);
      long millis = (System.nanoTime() - from) / 1_000_000;
      assertThat(ended.get("state").asString()).isEqualTo("ENDED");
      assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("began\nasked\ndone\n");
      assertThat(millis).as("nobody waits for the whole grace").isLessThan(45_000);
      System.out.printf("graceful end with inner containers: %d ms%n", millis);
    }
    assertThat(kept).doesNotExist();
  }

  private static void run(Api api, String sandbox, String... arguments) {
    String[] command = new String[arguments.length + 3];
    command[0] = "docker";
    command[1] = "run";
    command[2] = "-d";
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    JsonNode started =
        api.post("/v1/sandboxes/" + sandbox + "/processes", Map.of("command", command))
            .expecting(200);
    assertThat(started.get("exit").get("code").asInt()).as(started.toString()).isZero();
  }

  /** The file that a container writes to, as the host sees it. */
  private static Path volume(String sandbox, String name) {
    String data =
        Machine.run(
            "docker",
            "inspect",
            "-f",
            "{{range .Mounts}}{{if eq .Destination \"/var/lib/docker\"}}{{.Source}}{{end}}{{end}}",
            Machine.container(sandbox));
    return Path.of(data, "volumes", name, "_data", "end");
  }
}
