package dev.caisson.it.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Templates with images that nobody has to pull. */
class TemplateIT {
  private static final String[] JSON = {"Content-Type", "application/json"};
  private static final Map<String, ?> WITH_DOCKER =
      Map.of("docker", Map.of("enabled", true), "labels", Map.of("from", "ci"));

  @Test
  void imagesOfATemplateAreThereWhenTheDaemonIsReady(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api first = service.api();
      first.put("/v1/templates/ci", body(WITH_DOCKER, List.of("busybox")), JSON).expecting(202);
      JsonNode built = first.get("/v1/templates/ci?waitFor=READY&timeout=PT5M").expecting(200);
      assertThat(built.get("state").asString()).as(built.toString()).isEqualTo("READY");
      assertThat(volumes(home)).hasSize(1);
      service.kill();
      service.start();
      Api api = service.api();

      // Two at once share the layers; neither can change them for the other.
      String one = api.sandbox(Map.of("image", Machine.DEBIAN, "template", "ci"));
      String other =
          api.sandbox(
              Map.of("image", Machine.DEBIAN, "template", "ci", "labels", Map.of("own", "1")));
      assertThat(api.get("/v1/sandboxes/" + other).json().get("labels").toString())
          .contains("\"from\":\"ci\"", "\"own\":\"1\"");
      for (String sandbox : List.of(one, other)) {
        api.get("/v1/sandboxes/" + sandbox + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
        JsonNode ran = api.shell(sandbox, "docker run --rm --pull=never busybox echo from within");
        assertThat(Api.text(ran, "stdout")).as(ran.toString()).isEqualTo("from within\n");
        JsonNode writing =
            api.shell(
                sandbox,
                "layer=$(ls -d /var/lib/docker/overlay2/*/diff | head -1);"
                    + " mount -o remount,rw,bind $layer; touch $layer/evil");
        assertThat(writing.get("exit").get("code").asInt()).as(writing.toString()).isNotZero();
      }

      // Removed in one, it is there in the other.
      JsonNode removed = api.shell(other, "docker rmi busybox && docker images -q busybox");
      assertThat(removed.get("exit").get("code").asInt()).as(removed.toString()).isZero();
      assertThat(Api.text(removed, "stdout")).contains("Deleted");

      // What is built on them is the sandbox's own, and a restart of the daemon keeps all of it.
      JsonNode mine =
          api.shell(
              one,
              "printf 'FROM busybox\\nRUN echo mine >/mine\\n' | docker build -q -t mine - >&2");
      assertThat(mine.get("exit").get("code").asInt()).as(mine.toString()).isZero();
      api.post("/v1/sandboxes/" + one + "/docker/restart", Map.of()).expecting(200);
      api.get("/v1/sandboxes/" + one + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
      assertThat(Api.text(api.shell(one, "docker run --rm --pull=never mine cat /mine"), "stdout"))
          .isEqualTo("mine\n");

      // Forgotten, its volume goes with the last sandbox that has it.
      assertThat(api.delete("/v1/templates/ci").status()).isEqualTo(204);
      assertThat(volumes(home)).hasSize(1);
      assertThat(
              api.post("/v1/sandboxes", Map.of("template", "ci"))
                  .expecting(404)
                  .get("code")
                  .asString())
          .isEqualTo("TEMPLATE_NOT_FOUND");
      api.delete("/v1/sandboxes/" + one + "?grace=PT0S");
      api.delete("/v1/sandboxes/" + other + "?grace=PT0S");
      api.put("/v1/templates/plain", body(Map.of(), List.of()), JSON).expecting(202);
      assertThat(volumes(home)).isEmpty();
    }
  }

  @Test
  void aTemplateThatCannotBeBuiltSaysWhy(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      JsonNode invalid =
          api.put("/v1/templates/none", body(Map.of(), List.of("busybox")), JSON).expecting(400);
      assertThat(invalid.get("errors").get(0).get("field").asString()).isEqualTo("images");
      api.put("/v1/templates/none", body(WITH_DOCKER, List.of("no-such-image-at-all")), JSON)
          .expecting(202);
      assertThat(
              api.post("/v1/sandboxes", Map.of("template", "none"))
                  .expecting(409)
                  .get("code")
                  .asString())
          .isEqualTo("TEMPLATE_NOT_READY");
      JsonNode failed = api.get("/v1/templates/none?waitFor=READY&timeout=PT5M").expecting(200);
      assertThat(failed.get("state").asString()).isEqualTo("FAILED");
      assertThat(failed.get("detail").asString()).contains("no-such-image-at-all");
      assertThat(api.delete("/v1/templates/none").status()).isEqualTo(204);
      Eventually.holds(() -> volumes(home), List::isEmpty);
    }
  }

  private static HttpRequest.BodyPublisher body(Map<String, ?> sandbox, List<String> images) {
    return HttpRequest.BodyPublishers.ofByteArray(
        Api.JSON.writeValueAsBytes(Map.of("sandbox", sandbox, "images", images)));
  }

  /** With images of this service's templates. */
  private static List<String> volumes(Path home) {
    try {
      return Machine.words(
          Machine.run(
              "docker",
              "volume",
              "ls",
              "-q",
              "--filter",
              "label=dev.caisson.instance=" + Files.readString(home.resolve("instance")).strip(),
              "--filter",
              "label=dev.caisson.data"));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
