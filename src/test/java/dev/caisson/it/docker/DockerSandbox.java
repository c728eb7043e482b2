package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A sandbox whose Docker daemon is ready, for the tests of one class; removed when closed. */
final class DockerSandbox implements AutoCloseable {
  private final Api api;
  private final String id;

  DockerSandbox(Api api, String image) {
    this(api, Map.of("image", image));
  }

  /** Creates one with Docker, and whatever else this says. */
  DockerSandbox(Api api, Map<String, ?> wanted) {
    this.api = api;
    id = api.dockerSandbox(wanted);
  }

  String id() {
    return id;
  }

  /** Returns the path of the sandbox in the API. */
  String path() {
    return "/v1/sandboxes/" + id;
  }

  /** Returns the id of its daemon, by which a client is known to have reached it. */
  String engine() {
    JsonNode info = api.exec(id, "docker", "info", "-f", "{{.ID}}");
    String engine = Api.text(info, "stdout").strip();
    assertThat(engine).as(info.toString()).isNotEmpty();
    return engine;
  }

  /** Runs a line by the image's shell, which must succeed, and returns what it wrote. */
  String said(String line) {
    JsonNode ended = api.shell(id, line);
    assertThat(ended.get("exit").get("code").asInt()).as(ended.toString()).isZero();
    return Api.text(ended, "stdout");
  }

  @Override
  public void close() {
    api.delete(path() + "?grace=PT0S").expecting(200);
  }
}
