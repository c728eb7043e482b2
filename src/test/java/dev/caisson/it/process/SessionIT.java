package dev.caisson.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Commands of a session find what the ones before have left. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionIT {
  private Api api;
  private String sandbox;
  private String sessions;

  @BeforeAll
  void create(Api shared) {
    api = shared;
    sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    sessions = "/v1/sandboxes/" + sandbox + "/sessions";
    api.shell(sandbox, "useradd -m -s /bin/sh worker && mkdir -p -m 777 '/work it'");
  }

  @AfterAll
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
  }

  @Test
  void directoryVariablesAndFunctionsAreKept() {
    begin(Map.of("name", "build", "cwd", "/work it", "env", Map.of("GIVEN", "it's\ntwo")));
    assertThat(said("build", "pwd; echo \"$GIVEN\"")).isEqualTo("/work it\nit's\ntwo\n");
    said(
        "build",
        "mkdir -p \"a'b\" && cd \"a'b\" && export KEPT=1 LOCAL=2; greet() { echo hi $1; }");
    assertThat(said("build", "pwd; echo $KEPT $LOCAL; greet you; unset KEPT"))
        .isEqualTo("/work it/a'b\n1 2\nhi you\n");
    assertThat(said("build", "echo ${KEPT:-gone}; env | grep -i caisson_; true"))
        .isEqualTo("gone\n");
    // Nothing of it is in a process that is not of the session, or in another one.
    begin(Map.of("name", "other"));
    assertThat(said("other", "echo ${LOCAL:-none}")).isEqualTo("none\n");
  }

  @Test
  void eachCommandHasItsOwnExitAndStreams() {
    String name = begin(Map.of()).get("name").asString();
    JsonNode failed = run(name, Map.of("command", "cd /tmp; echo out; echo err >&2; exit 7"));
    assertThat(failed.get("exit").get("code").asInt()).isEqualTo(7);
    assertThat(Api.text(failed, "stdout")).isEqualTo("out\n");
    assertThat(Api.text(failed, "stderr")).isEqualTo("err\n");
    assertThat(said(name, "pwd")).isEqualTo("/tmp\n");
    JsonNode read = run(name, Map.of("command", "tr a-z A-Z", "stdin", "given"));
    assertThat(Api.text(read, "stdout")).isEqualTo("GIVEN");

    JsonNode killed = run(name, Map.of("command", "cd /usr; sleep 100", "timeout", "PT0.5S"));
    assertThat(killed.get("exit").get("cause").asString()).isEqualTo("TIMEOUT");
    assertThat(said(name, "pwd")).isEqualTo("/tmp\n");
    assertThat(run(name, Map.of("command", "if then")).get("exit").get("code").asInt()).isNotZero();
    assertThat(said(name, "pwd; set -e; export AFTER=1; false; echo never || true", 1))
        .isEqualTo("/tmp\n");
    assertThat(said(name, "echo $AFTER")).isEqualTo("1\n");
  }

  @Test
  void aCommandInTheBackgroundGoesOnBesideTheNext() {
    begin(Map.of("name", "server"));
    JsonNode started =
        api.post(
                sessions + "/server/processes",
                Map.of("command", "cd /usr && sleep 1000", "background", true))
            .expecting(201);
    assertThat(said("server", "cd /tmp; pwd")).isEqualTo("/tmp\n");
    api.delete("/v1/sandboxes/" + sandbox + "/processes/" + started.get("pid").asLong())
        .expecting(200);
    assertThat(said("server", "pwd")).isEqualTo("/tmp\n");
  }

  @Test
  void itIsItsUsersAndNobodyElses() {
    begin(Map.of("name", "workers", "user", "worker", "env", Map.of("TOKEN", "s3cret")));
    assertThat(said("workers", "id -un; echo $HOME")).isEqualTo("worker\n/home/worker\n");
    JsonNode peek =
        api.post(
                "/v1/sandboxes/" + sandbox + "/processes",
                Map.of("shell", "cat /run/caisson-sessions/workers/state", "user", "nobody"))
            .expecting(200);
    assertThat(Api.text(peek, "stderr")).contains("Permission denied");
    assertThat(api.get(sessions + "/workers").expecting(200).get("user").asString())
        .isEqualTo("worker");
  }

  @Test
  void whatIsNotThereIsSaid() {
    begin(Map.of("name", "one"));
    assertThat(code(sessions, Map.of("name", "one"), 409)).isEqualTo("SESSION_EXISTS");
    assertThat(code(sessions, Map.of("name", "two", "user", "nobody-here"), 422))
        .isEqualTo("SESSION_NOT_MADE");
    assertThat(code(sessions, Map.of("name", "two", "cwd", "/not/there"), 422)).isEqualTo("ENOENT");
    assertThat(code(sessions + "/two/processes", Map.of("command", "true"), 404))
        .isEqualTo("SESSION_NOT_FOUND");
    assertThat(api.delete(sessions + "/one").status()).isEqualTo(204);
    assertThat(api.delete(sessions + "/one").status()).isEqualTo(404);
    assertThat(api.get(sessions + "/..%2fone").status()).isIn(400, 404);
    assertThat(api.get(sessions).expecting(200).get("items"))
        .extracting(item -> item.get("name").asString())
        .doesNotContain("one", "two");
  }

  private JsonNode begin(Map<String, ?> wanted) {
    return api.post(sessions, wanted).expecting(201);
  }

  private JsonNode run(String session, Map<String, ?> command) {
    return api.post(sessions + "/" + session + "/processes", command).expecting(200);
  }

  private String said(String session, String command) {
    return said(session, command, 0);
  }

  private String said(String session, String command, int code) {
    JsonNode ended = run(session, Map.of("command", command));
    assertThat(ended.get("exit").get("code").asInt()).as(ended.toString()).isEqualTo(code);
    return Api.text(ended, "stdout");
  }

  private String code(String path, Map<String, ?> body, int status) {
    return api.post(path, body).expecting(status).get("code").asString();
  }
}
