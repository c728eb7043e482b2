package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What kit/prepare.sh does to the configuration of an engine; with jq, which the set-up brings. */
class PrepareScriptIT {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path root;
  private Path config;
  private Path users;

  @BeforeEach
  void makeAHost() throws IOException {
    config = Files.createDirectories(root.resolve("etc/docker")).resolve("daemon.json");
    users = root.resolve("etc/subuid");
    Files.writeString(users, "somebody:600000:65536\n");
  }

  @Test
  void whatIsMissingIsPrintedAndNothingIsChanged() throws Exception {
    Files.writeString(config, "{\"log-driver\": \"local\"}");
    assertThat(run(1)).contains("userns-remap", "runc-delegate.sh", "dockremap:665536:2147483648");
    assertThat(config).hasContent("{\"log-driver\": \"local\"}");
    assertThat(users).hasContent("somebody:600000:65536");
  }

  @Test
  void whatIsThereStaysAndWhatIsMissingIsAddedOnce() throws Exception {
    Files.writeString(
        config, "{\"log-driver\": \"local\", \"runtimes\": {\"x\": {\"path\": \"/x\"}}}");
    run(0, "apply");
    String once = Files.readString(config);
    assertThat(JSON.readTree(once))
        .isEqualTo(
            JSON.readTree(
                """
                {"log-driver": "local", "userns-remap": "default", "runtimes": {"x": {"path": "/x"},
                  "caisson": {"path": "/usr/local/lib/caisson/runc-delegate.sh"}}}
                """));
    assertThat(root.resolve("usr/local/lib/caisson/runc-delegate.sh")).isExecutable();
    assertThat(run(0, "apply")).contains("nothing is missing");
    assertThat(config).hasContent(once);
    assertThat(Files.readAllLines(users))
        .containsExactly("somebody:600000:65536", "dockremap:665536:2147483648");
  }

  @Test
  void undoTakesBackWhatWasAddedAndNothingElse() throws Exception {
    run(0, "apply");
    Files.writeString(
        config, Files.readString(config).replaceFirst("\\{", "{\"log-driver\": \"local\","));
    Files.writeString(users, Files.readString(users) + "later:3000000000:65536\n");
    run(0, "undo");
    assertThat(JSON.readTree(Files.readString(config)))
        .isEqualTo(JSON.readTree("{\"log-driver\": \"local\"}"));
    assertThat(Files.readAllLines(users))
        .containsExactly("somebody:600000:65536", "later:3000000000:65536");
    assertThat(root.resolve("usr/local/lib/caisson/runc-delegate.sh")).doesNotExist();
  }

  @Test
  void anEngineThatRemapsToUsersOfItsOwnKeepsThem() throws Exception {
    Files.writeString(config, "{\"userns-remap\": \"somebody\"}");
    run(0, "apply");
    assertThat(Files.readString(config)).contains("\"somebody\"").doesNotContain("default");
    assertThat(users).hasContent("somebody:600000:65536");
    run(0, "undo");
    assertThat(JSON.readTree(Files.readString(config)))
        .isEqualTo(JSON.readTree("{\"userns-remap\": \"somebody\"}"));
  }

  @Test
  void aConfigurationThatCannotBeReadIsNotTouched() throws Exception {
    Files.writeString(config, "{not json");
    assertThat(run(-1, "apply")).isNotEmpty();
    assertThat(config).hasContent("{not json");
    assertThat(users).hasContent("somebody:600000:65536");
  }

  /** What it printed; -1 for any exit code but 0. */
  private String run(int code, String... words) throws IOException, InterruptedException {
    ProcessBuilder script = new ProcessBuilder("./kit/prepare.sh").redirectErrorStream(true);
    script.command().addAll(List.of(words));
    script.environment().put("CAISSON_PREPARE_ROOT", root.toString());
    Process running = script.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor(1, TimeUnit.MINUTES)).isTrue();
    if (code < 0) {
      assertThat(running.exitValue()).as(said).isNotZero();
    } else {
      assertThat(running.exitValue()).as(said).isEqualTo(code);
    }
    return said;
  }
}
