package dev.caisson.it.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.isolation.HostCgroups;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Sandboxes that are up before anybody asks for them. */
class PoolIT {
  private static final String[] JSON = {"Content-Type", "application/json"};

  @Test
  void aClaimedSandboxIsWhatWasAskedForAndNobodyElses(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      put(api, "warm", Map.of("image", Machine.DEBIAN), Map.of("min", 2, "max", 3));
      awaitReady(api, "warm", 2);
      Set<String> spares = containers(home);
      assertThat(spares).hasSize(2);
      assertThat(api.get("/v1/sandboxes").json().get("items")).as("they are nobody's").isEmpty();

      JsonNode first =
          api.post(
                  "/v1/sandboxes",
                  Map.of(
                      "template",
                      "warm",
                      "env",
                      Map.of("TOKEN", "s3cret"),
                      "workdir",
                      "/srv/work",
                      "labels",
                      Map.of("team", "ci"),
                      "ttl",
                      "PT5M",
                      "resources",
                      Map.of("memory", "256Mi", "cpu", 0.5, "pids", 99)))
              .expecting(201);
      String id = first.get("id").asString();
      assertThat(first.get("startup").get("pooled").asBoolean()).as(first.toString()).isTrue();
      assertThat(first.get("startup").get("miss").isNull()).isTrue();
      assertThat(first.get("state").asString()).isEqualTo("READY");
      assertThat(spares).contains("caisson-" + id);
      JsonNode said = api.shell(id, "echo $TOKEN; pwd; hostname");
      assertThat(Api.text(said, "stdout")).isEqualTo("s3cret\n/srv/work\n" + id + "\n");
      String pid = Long.toString(Machine.hostPids(id, "java").getFirst());
      assertThat(HostCgroups.smallest(pid, "memory", "memory.limit_in_bytes", "memory.max"))
          .isEqualTo(256L << 20);
      assertThat(HostCgroups.smallest(pid, "pids", "pids.max", "pids.max")).isEqualTo(99);
      assertThat(Machine.run("docker", "inspect", Machine.container(id))).doesNotContain("s3cret");

      // Another is another one, without what the first was given; the pool fills itself again.
      JsonNode second = api.post("/v1/sandboxes", Map.of("template", "warm")).expecting(201);
      assertThat(second.get("startup").get("pooled").asBoolean()).as(second.toString()).isTrue();
      assertThat(second.get("id").asString()).isNotEqualTo(id);
      assertThat(Api.text(api.shell(second.get("id").asString(), "echo [$TOKEN]; pwd"), "stdout"))
          .isEqualTo("[]\n/\n");
      awaitReady(api, "warm", 2);

      // What asks for the same without naming it is given one too; what cannot be says why.
      JsonNode same = api.post("/v1/sandboxes", Map.of("image", Machine.DEBIAN)).expecting(201);
      assertThat(same.get("startup").get("pooled").asBoolean()).as(same.toString()).isTrue();
      JsonNode other =
          api.post("/v1/sandboxes", Map.of("template", "warm", "network", Map.of("mode", "none")))
              .expecting(201);
      assertThat(other.get("startup").get("pooled").asBoolean()).isFalse();
      assertThat(other.get("startup").get("miss").asString()).isEqualTo("NETWORK");

      assertThat(api.get("/actuator/prometheus").text())
          .contains("caisson_pool_claims_total{result=\"hit\",template=\"warm\"} 3.0");
      assertThat(api.delete("/v1/templates/warm").status()).isEqualTo(204);
      // The sandboxes alone are left.
      Eventually.holds(() -> containers(home), left -> left.size() == 4);
    }
  }

  @Test
  void whatIsDeadOrOfAnEarlierServiceIsNeverHandedOut(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      put(api, "warm", Map.of("image", Machine.DEBIAN), Map.of("min", 2));
      awaitReady(api, "warm", 2);
      List<String> first = new ArrayList<>(containers(home));
      Machine.run("docker", "kill", first.get(0));
      JsonNode made = api.post("/v1/sandboxes", Map.of("template", "warm")).expecting(201);
      assertThat("caisson-" + made.get("id").asString()).isNotEqualTo(first.get(0));
      String id = made.get("id").asString();
      awaitReady(api, "warm", 2);
      Set<String> before = containers(home);

      service.kill();
      service.start();
      Api next = service.api();
      Eventually.holds(
          () -> {
            Set<String> left = containers(home);
            left.retainAll(before);
            return left;
          },
          left -> left.equals(Set.of("caisson-" + id)));
      awaitReady(next, "warm", 2);
      JsonNode again = next.post("/v1/sandboxes", Map.of("template", "warm")).expecting(201);
      assertThat(again.get("startup").get("pooled").asBoolean()).isTrue();
      assertThat(before).doesNotContain("caisson-" + again.get("id").asString());
      assertThat(next.shell(id, "exit 3").get("exit").get("code").asInt()).isEqualTo(3);
    }
  }

  @Test
  void aDaemonIsReadyWithTheSandbox(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      put(
          api,
          "docker",
          Map.of("image", Machine.DEBIAN, "docker", Map.of("enabled", true)),
          Map.of("min", 1));
      awaitReady(api, "docker", 1);
      String spare = containers(home).iterator().next();
      long dockerd = Machine.hostPids(spare.replace("caisson-", ""), "dockerd").getFirst();
      Machine.kill9(dockerd);

      // Either it was replaced by then, or its daemon is back: never one without a daemon.
      JsonNode made = api.post("/v1/sandboxes", Map.of("template", "docker")).expecting(201);
      String id = made.get("id").asString();
      if (made.get("startup").get("pooled").asBoolean()) {
        assertThat(made.get("docker").get("state").asString()).isEqualTo("READY");
      }
      awaitReady(api, "docker", 1);
      JsonNode pooled = api.post("/v1/sandboxes", Map.of("template", "docker")).expecting(201);
      assertThat(pooled.get("startup").get("pooled").asBoolean()).as(pooled.toString()).isTrue();
      assertThat(pooled.get("docker").get("state").asString()).isEqualTo("READY");
      assertThat(pooled.get("id").asString()).isNotEqualTo(id);
      JsonNode ran =
          api.shell(pooled.get("id").asString(), "docker run --rm busybox echo from within");
      assertThat(Api.text(ran, "stdout")).as(ran.toString()).isEqualTo("from within\n");
    }
  }

  private static void put(Api api, String name, Map<String, ?> sandbox, Map<String, ?> pool) {
    api.put(
            "/v1/templates/" + name,
            HttpRequest.BodyPublishers.ofByteArray(
                Api.JSON.writeValueAsBytes(Map.of("sandbox", sandbox, "pool", pool))),
            JSON)
        .expecting(202);
  }

  private static void awaitReady(Api api, String template, int most) {
    Eventually.holds(
        () -> api.get("/v1/templates/" + template).json().get("pool"),
        pool -> pool.get("ready").asInt() >= most);
  }

  /** Of this service, by name. */
  private static Set<String> containers(Path home) {
    try {
      return new HashSet<>(
          Machine.words(
              Machine.run(
                  "docker",
                  "ps",
                  "-a",
                  "--format",
                  "{{.Names}}",
                  "--filter",
                  "label=dev.caisson.sandbox",
                  "--filter",
                  "label=dev.caisson.instance="
                      + Files.readString(home.resolve("instance")).strip())));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
