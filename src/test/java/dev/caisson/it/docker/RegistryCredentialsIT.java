package dev.caisson.it.docker;

import static dev.caisson.it.PrivateRegistry.BOX_PASSWORD;
import static dev.caisson.it.PrivateRegistry.BOX_USER;
import static dev.caisson.it.PrivateRegistry.KEY_PASSWORD;
import static dev.caisson.it.PrivateRegistry.KEY_USER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.PrivateRegistry;
import dev.caisson.it.SecretHunt;
import dev.caisson.it.ServiceProcess;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Images of a registry that asks for a password, which is given once and is nowhere to be found.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RegistryCredentialsIT {
  @TempDir static Path home;
  private PrivateRegistry registry;
  private ServiceProcess service;
  private SecretHunt hunt;
  private Api api;

  /** The image that nobody gets without a password. */
  private String image;

  /** Where somebody logs in. */
  private String loggedIn;

  /** Where nobody does. */
  private String other;

  @BeforeAll
  void create() throws Exception {
    registry = PrivateRegistry.start();
    image = registry.address() + "/team/app:1";
    service =
        ServiceProcess.start(
            home, Map.of("CAISSON_SANDBOX_DOCKER_INSECUREREGISTRIES", registry.address()));
    api = service.api();
    hunt = new SecretHunt(List.of(KEY_PASSWORD, BOX_PASSWORD));
    loggedIn = api.dockerSandbox(Machine.STATIC);
    other = api.dockerSandbox(Machine.STATIC);
  }

  @AfterAll
  void delete() {
    try (PrivateRegistry _ = registry;
        ServiceProcess _ = service;
        SecretHunt _ = hunt) {
      assertThat(registry).isNotNull();
    }
  }

  @Test
  @Order(1)
  void withoutAPasswordNothingIsPushed() {
    succeeded(operation(loggedIn, "pull", Map.of("image", "busybox")));
    succeeded(typed(loggedIn, "docker", "tag", "busybox", image));
    failed(operation(loggedIn, "push", Map.of("image", image)));
  }

  @Test
  @Order(2)
  void aLoginInASandboxIsForThatSandbox() {
    failed(login(KEY_PASSWORD));
    JsonNode login = login(BOX_PASSWORD);
    succeeded(login);
    assertThat(Api.text(login, "stdout")).contains("Login Succeeded");
    assertThat(login.get("command").toString()).contains("--password-stdin", BOX_USER);
    succeeded(operation(loggedIn, "push", Map.of("image", image)));
    failed(operation(other, "pull", Map.of("image", image)));
  }

  @Test
  @Order(2)
  void aLoginThatIsTypedIsKeptInTheSamePlace() {
    JsonNode login =
        api.post(
                "/v1/sandboxes/" + other + "/processes",
                Map.of(
                    "command",
                    List.of(
                        "docker",
                        "login",
                        "--username=" + KEY_USER,
                        "--password-stdin",
                        registry.address()),
                    "stdin",
                    KEY_PASSWORD))
            .expecting(200);
    succeeded(login);
    // The CLI warns when it had to write the password into a file.
    assertThat(Api.text(login, "stderr")).doesNotContain("unencrypted");
    assertThat(
            Api.text(
                api.post(
                        "/v1/sandboxes/" + other + "/processes",
                        Map.of(
                            "command", List.of("docker-credential-caisson", "list"), "user", "0:0"))
                    .expecting(200),
                "stdout"))
        .contains(KEY_USER);
    succeeded(typed(other, "docker", "logout", registry.address()));
  }

  @Test
  @Order(3)
  void credentialsOfTheKeyReachEverySandboxThatRuns() throws Exception {
    Api.Reply put = putRegistry(KEY_PASSWORD);
    hunt.check("the answer to a PUT", put.text());
    assertThat(put.expecting(200).get("registry").asString()).isEqualTo(registry.address());
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(home.resolve("registries.key"))))
        .isEqualTo("rw-------");
    Api.Reply list = api.get("/v1/registries");
    hunt.check("the list of registries", list.text());
    assertThat(list.expecting(200).get("items").toString())
        .contains(registry.address())
        .doesNotContain(KEY_USER);

    // As somebody types it, who never heard of Caisson.
    succeeded(typed(other, "docker", "pull", image));
    succeeded(typed(other, "docker", "rmi", image));
    succeeded(operation(other, "pull", Map.of("image", image)));
    succeeded(typed(other, "docker", "rmi", image));
  }

  @Test
  @Order(4)
  void buildsAndProjectsHaveThemToo() {
    write(other, "/workspace/app/Dockerfile", "FROM " + image + "\nRUN echo built >/built\n");
    succeeded(
        operation(other, "build", Map.of("path", "/workspace/app", "tags", List.of("built"))));
    Map<String, ?> source =
        Map.of(
            "content",
            "services: {app: {image: \""
                + image
                + "\", command: [sleep, '1000'], stop_signal: SIGKILL}}");
    long up =
        api.post(
                "/v1/sandboxes/" + other + "/docker/compose/private/up",
                Map.of("source", source, "detach", false, "background", true))
            .expecting(201)
            .get("pid")
            .asLong();
    Eventually.holds(
        () -> api.get("/v1/sandboxes/" + other + "/docker/compose/private"),
        project -> project.text().contains("RUNNING"));
    // It lives until it is ended, so it is certain to be looked at.
    Eventually.holds(
        hunt::commandLines,
        lines -> lines.stream().anyMatch(line -> line.contains("--project-name=private")));
    succeeded(operation(other, "compose/private/down", Map.of()));
    api.awaitExit(other, up);
  }

  @Test
  @Order(5)
  void aSandboxThatIsMadeLaterHasThemWhenItsDaemonIsReady() {
    String later = api.dockerSandbox(Machine.STATIC);
    succeeded(typed(later, "docker", "pull", image));
    // The socket is root's alone: to anybody else there is nothing.
    succeeded(typed(later, "docker", "rmi", image));
    JsonNode stranger =
        api.post(
                "/v1/sandboxes/" + later + "/processes",
                Map.of(
                    "command", List.of("docker-credential-caisson", "get"),
                    "stdin", registry.address(),
                    "user", "1000:1000"))
            .expecting(200);
    failed(stranger);
    assertThat(Api.text(stranger, "stdout")).contains("credentials not found");
    JsonNode pull =
        api.post(
                "/v1/sandboxes/" + later + "/processes",
                Map.of(
                    "command", List.of("docker", "pull", image),
                    "env", Map.of("HOME", "/tmp"),
                    "user", "1000:1000"))
            .expecting(200);
    failed(pull);
    api.delete("/v1/sandboxes/" + later + "?grace=PT0S").expecting(200);
  }

  @Test
  @Order(6)
  void theyOutliveTheServiceSealed() throws Exception {
    service.kill();
    hunt.checkFiles(home);
    service.start();
    assertThat(api.get("/v1/registries").expecting(200).get("items").toString())
        .contains(registry.address());
    String after = api.dockerSandbox(Machine.STATIC);
    succeeded(typed(after, "docker", "pull", image));
    api.delete("/v1/sandboxes/" + after + "?grace=PT0S").expecting(200);
  }

  @Test
  @Order(7)
  void whatIsForgottenIsForgottenEverywhereButALoginStays() {
    assertThat(api.delete("/v1/registries/" + registry.address()).status()).isEqualTo(204);
    assertThat(api.get("/v1/registries").expecting(200).get("items").isEmpty()).isTrue();
    typed(other, "docker", "rmi", "-f", "built", image);
    failed(typed(other, "docker", "pull", image));
    succeeded(typed(loggedIn, "docker", "pull", image));
    succeeded(operation(loggedIn, "logout", Map.of("registry", registry.address())));
    succeeded(typed(loggedIn, "docker", "rmi", image));
    failed(typed(loggedIn, "docker", "pull", image));
  }

  @Test
  @Order(8)
  void aPasswordIsNowhere() throws Exception {
    for (String sandbox : List.of(loggedIn, other)) {
      String container = Machine.container(sandbox);
      hunt.check("labels and configuration", Machine.run("docker", "inspect", container));
      hunt.check("the supervisor's log", Machine.attempt("docker", "logs", container).output());
      hunt.checkFiles(
          Path.of(
              Machine.run(
                  "docker",
                  "volume",
                  "inspect",
                  "-f",
                  "{{.Mountpoint}}",
                  "caisson-state-" + sandbox)));
      hunt.check("processes", api.get("/v1/sandboxes/" + sandbox + "/processes").text());
      hunt.check("events", sandboxAsTold(sandbox));
      for (String directory : List.of("/root", "/run", "/tmp", "/etc", "/workspace")) {
        Api.Reply tree = api.get("/v1/sandboxes/" + sandbox + "/files/archive?path=" + directory);
        hunt.check(directory + " of " + sandbox, tree.text());
      }
    }
    hunt.checkFiles(home);
    hunt.close();
    assertThat(hunt.found()).isEmpty();
  }

  private String sandboxAsTold(String sandbox) {
    return api.get("/v1/sandboxes/" + sandbox).text();
  }

  private JsonNode login(String password) {
    return operation(
        loggedIn,
        "login",
        Map.of("registry", registry.address(), "username", BOX_USER, "password", password));
  }

  private Api.Reply putRegistry(String password) {
    return api.put(
        "/v1/registries/" + registry.address(),
        HttpRequest.BodyPublishers.ofByteArray(
            Api.JSON.writeValueAsBytes(Map.of("username", KEY_USER, "password", password))),
        "Content-Type",
        "application/json");
  }

  private JsonNode operation(String sandbox, String verb, Map<String, ?> request) {
    Api.Reply reply =
        api.post("/v1/sandboxes/" + sandbox + "/docker/" + verb, new HashMap<>(request));
    hunt.check("the answer to " + verb, reply.text());
    return reply.expecting(200);
  }

  private JsonNode typed(String sandbox, String... command) {
    JsonNode process = api.exec(sandbox, command);
    hunt.check("the answer to " + String.join(" ", command), process.toString());
    return process;
  }

  private void write(String sandbox, String path, String text) {
    assertThat(
            api.put("/v1/sandboxes/" + sandbox + "/files/content?parents=true&path=" + path, text)
                .status())
        .isIn(200, 201);
  }

  private static void succeeded(JsonNode process) {
    assertThat(process.get("exit").get("code").asInt()).as(process.toString()).isZero();
  }

  private static void failed(JsonNode process) {
    assertThat(process.get("exit").get("code").asInt()).as(process.toString()).isNotZero();
  }
}
