package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What a sandbox's daemon has, as typed answers of its own API. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerViewsIT {
  private static final String COMPOSE =
      """
      services:
        web:
          image: busybox
          command: ["httpd", "-f", "-p", "80", "-h", "/bin"]
          stop_signal: SIGKILL
          healthcheck:
            test: ["CMD", "wget", "-qO", "/dev/null", "http://127.0.0.1/busybox"]
            interval: 1s
            retries: 30
        done:
          image: busybox
          command: ["sh", "-c", "exit 3"]
      """;

  private Api api;
  private String sandbox;
  private String docker;

  @BeforeAll
  void create(Api shared) {
    api = shared;
    sandbox = api.dockerSandbox(Machine.STATIC);
    docker = "/v1/sandboxes/" + sandbox + "/docker";
    run(
        Map.of(
            "image", "busybox",
            "name", "talker",
            "detach", true,
            "ports", List.of("8080:80"),
            "volumes", List.of("kept:/kept"),
            "env", Map.of("TOKEN", "s3cr3t-value"),
            "command",
                List.of(
                    "sh", "-c", "echo to stdout; echo gr\u00fc\u00df dich >&2; exec sleep 1000")));
    run(
        Map.of(
            "image", "busybox",
            "name", "short",
            "command", List.of("sh", "-c", "echo first; echo second; exit 7")));
  }

  private void run(Map<String, ?> request) {
    api.post(docker + "/run", request).expecting(200);
  }

  @AfterAll
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S");
  }

  @Test
  void containersAreListedAndDescribed() {
    JsonNode items = api.get(docker + "/containers").expecting(200).get("items");
    JsonNode talker = named(items, "talker");
    assertThat(talker.get("state").asString()).isEqualTo("RUNNING");
    assertThat(talker.get("image").asString()).isEqualTo("busybox");
    assertThat(Instant.parse(talker.get("createdAt").asString())).isAfter(Instant.EPOCH);
    assertThat(talker.get("ports").toString()).contains("8080");

    JsonNode one = api.get(docker + "/containers/talker").expecting(200);
    assertThat(one.get("id")).isEqualTo(talker.get("id"));
    assertThat(one.get("envNames").toString()).contains("TOKEN");
    assertThat(one.toString()).doesNotContain("s3cr3t-value");
    assertThat(one.get("mounts").get(0).get("source").asString()).isEqualTo("kept");
    assertThat(one.get("addresses").get("bridge").asString()).startsWith("10.201.0.");
    assertThat(one.get("exitCode").isNull()).isTrue();

    JsonNode ended = api.get(docker + "/containers/short").expecting(200);
    assertThat(ended.get("state").asString()).isEqualTo("EXITED");
    assertThat(ended.get("exitCode").asInt()).isEqualTo(7);
    JsonNode running = api.get(docker + "/containers?all=false").expecting(200).get("items");
    assertThat(running.toString()).contains("talker").doesNotContain("\"short\"");
  }

  @Test
  void imagesVolumesAndNetworksAreListed() {
    JsonNode image = api.get(docker + "/images").expecting(200).get("items").get(0);
    assertThat(image.get("tags").toString()).contains("busybox:latest");
    assertThat(image.get("sizeBytes").asLong()).isPositive();
    assertThat(
            named(api.get(docker + "/volumes").expecting(200).get("items"), "kept")
                .get("driver")
                .asString())
        .isEqualTo("local");
    assertThat(
            named(api.get(docker + "/networks").expecting(200).get("items"), "bridge")
                .get("subnets")
                .toString())
        .contains("10.201.0.0/24");
  }

  @Test
  void outputIsReadAsEventsAndAsText() {
    List<String> events = events("/containers/short/logs", "end");
    assertThat(String.join("", events)).contains("first", "second", "\"stream\":\"stdout\"");
    assertThat(api.get(docker + "/containers/short/logs?raw=true&tail=1").text())
        .isEqualTo("second\n");
    Api.Reply talker =
        Eventually.holds(
            () -> api.get(docker + "/containers/talker/logs?raw=true"),
            reply -> reply.text().contains("dich"));
    assertThat(talker.text()).contains("to stdout\n", "gr\u00fc\u00df dich\n");
    String later = Instant.now().plusSeconds(3600).toString();
    assertThat(api.get(docker + "/containers/short/logs?raw=true&since=" + later).text()).isEmpty();
    List<String> followed = events("/containers/talker/logs?follow=true", "dich");
    assertThat(String.join("", followed)).contains("\"stream\":\"stderr\"");
  }

  @Test
  void whatAContainerUsesIsAskedOnceOrFollowed() {
    JsonNode once = api.get(docker + "/containers/talker/stats").expecting(200);
    assertThat(once.get("memoryBytes").asLong()).isPositive();
    assertThat(once.get("processes").asLong()).isPositive();
    assertThat(once.get("cpuTime").asString()).startsWith("PT");
    assertThat(events("/containers/talker/stats?follow=true", "memoryBytes"))
        .anyMatch(line -> line.contains("cpuPercent"));
  }

  @Test
  void aProjectSaysHowEachServiceIs() {
    JsonNode up =
        api.post(docker + "/compose/shop/up", Map.of("source", Map.of("content", COMPOSE)))
            .expecting(200);
    assertThat(up.get("exit").get("code").asInt()).as(up.toString()).isZero();
    JsonNode project =
        Eventually.holds(
            () -> api.get(docker + "/compose/shop").expecting(200),
            p ->
                service(p, "web").get("health").asString().equals("HEALTHY")
                    && service(p, "done").get("state").asString().equals("EXITED"));
    assertThat(project.get("healthy").asBoolean()).isFalse();
    assertThat(service(project, "done").get("exitCode").asInt()).isEqualTo(3);
    JsonNode listed = named(api.get(docker + "/compose").expecting(200).get("items"), "shop");
    assertThat(listed.get("services").toString()).isEqualTo("[\"done\",\"web\"]");
    assertThat(listed.get("running").asInt()).isEqualTo(1);
    api.post(docker + "/compose/shop/down", Map.of()).expecting(200);
    assertThat(api.get(docker + "/compose/shop").expecting(404).get("code").asString())
        .isEqualTo("DOCKER_NOT_FOUND");
  }

  @Test
  void whatIsNotThereIsSaidInTheDaemonsWords() {
    JsonNode problem = api.get(docker + "/containers/nobody").expecting(404);
    assertThat(problem.get("code").asString()).isEqualTo("DOCKER_NOT_FOUND");
    assertThat(problem.get("detail").asString()).contains("No such container");
    // No way out of the place it has: a name that cannot be one is not asked for.
    problem = api.get(docker + "/containers/..%2Finfo").expecting(400);
    assertThat(problem.get("code").asString()).isEqualTo("INVALID_REQUEST");
    api.get(docker + "/containers/nobody/logs").expecting(404);
    api.get(docker + "/containers/nobody/stats").expecting(404);
  }

  /** The lines of a stream up to one that has this in it. */
  private List<String> events(String path, String until) {
    List<String> lines = new ArrayList<>();
    try (BufferedReader stream =
        new BufferedReader(
            new InputStreamReader(api.stream(docker + path), StandardCharsets.UTF_8))) {
      for (String line = stream.readLine(); line != null; line = stream.readLine()) {
        lines.add(line);
        if (line.contains(until)) {
          return lines;
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("ended without " + until + ": " + lines);
  }

  private static JsonNode service(JsonNode project, String name) {
    return named(project.get("services"), name).get("containers").get(0);
  }

  private static JsonNode named(JsonNode items, String name) {
    for (JsonNode item : items) {
      if (item.get("name").asString().equals(name)) {
        return item;
      }
    }
    throw new AssertionError("no " + name + " in " + items);
  }
}
