package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * An earlier version of the service, with its own jar and kit, in the place of which this one is
 * started; and the other way round. What was made before goes on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpgradeIT {
  private static final String OWN_KIT = image("CAISSON_ENGINE_KITIMAGE", "caisson/kit");
  private static final String OWN_DOCKER_KIT =
      image("CAISSON_ENGINE_KITDOCKERIMAGE", "caisson/kit-docker");

  /** What both versions are told is the kit: names that lead to the images of one or the other. */
  private static final String KIT = OWN_KIT + "-upgraded";

  private static final String DOCKER_KIT = OWN_DOCKER_KIT + "-upgraded";

  private static final Map<String, String> SETTINGS =
      Map.of(
          "CAISSON_ENGINE_KITIMAGE",
          KIT,
          "CAISSON_ENGINE_KITDOCKERIMAGE",
          DOCKER_KIT,
          "CAISSON_HOST_ISOLATIONS",
          "userns,rootless");

  private static final String COUNTS =
      "i=0; while [ ! -e /over ]; do echo line $i; i=$((i+1)); sleep 0.05; done";

  @BeforeAll
  void buildTheOlder() {
    System.out.println(Machine.run("./kit/older.sh"));
  }

  @AfterAll
  void untag() {
    Machine.attempt("docker", "rmi", KIT, DOCKER_KIT);
  }

  private static String image(String setting, String usual) {
    return System.getenv().getOrDefault(setting, usual);
  }

  /** From here on the kit is that of this version, or with a suffix of another. */
  private static void kitIs(String suffix) {
    Machine.run("docker", "tag", OWN_KIT + suffix, KIT);
    Machine.run("docker", "tag", OWN_DOCKER_KIT + suffix, DOCKER_KIT);
  }

  /** A plain sandbox in which one process has ended, one counts on, and there is a file. */
  private static final class Plain {
    final String id;
    final String path;
    final long ended;
    final long counting;

    Plain(Api api) {
      id = api.sandbox(Map.of("image", Machine.DEBIAN, "name", "kept", "labels", Map.of("a", "b")));
      path = "/v1/sandboxes/" + id;
      ended = api.shell(id, "echo said; echo wrong >&2; exit 3").get("pid").asLong();
      counting = api.start(id, Map.of("shell", COUNTS, "name", "counter"));
      api.put(path + "/files/content?path=/srv/kept", "content").expecting(201);
      lines(api);
    }

    /** How many lines there are by now: without a hole, and the first is the first. */
    long lines(Api api) {
      List<String> lines =
          api.get(path + "/processes/" + counting + "/stdout").text().lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        assertThat(lines.get(i)).isEqualTo("line " + i);
      }
      return lines.size();
    }

    /** The same as it was, and more can be done in it. */
    void goesOn(Api api, long linesBefore) {
      JsonNode sandbox = api.get(path).expecting(200);
      assertThat(sandbox.get("state").asString()).as(sandbox.toString()).isEqualTo("READY");
      assertThat(sandbox.get("name").asString()).isEqualTo("kept");
      assertThat(sandbox.get("labels").get("a").asString()).isEqualTo("b");
      assertThat(api.process(id, counting).get("state").asString()).isEqualTo("RUNNING");
      assertThat(api.process(id, counting).get("name").asString()).isEqualTo("counter");
      Eventually.holds(() -> lines(api), count -> count > linesBefore + 10);
      assertThat(api.process(id, ended).at("/exit/code").asInt()).isEqualTo(3);
      assertThat(api.get(path + "/processes/" + ended + "/stdout").text()).isEqualTo("said\n");
      assertThat(api.get(path + "/processes/" + ended + "/stderr").text()).isEqualTo("wrong\n");
      assertThat(Api.text(api.shell(id, "cat /srv/kept"), "stdout")).isEqualTo("content");
      assertThat(api.get(path + "/files/content?path=/srv/kept").text()).isEqualTo("content");
      assertThat(api.put(path + "/files/content?path=/srv/new", "new").status())
          .isBetween(200, 201);
    }

    /** It ends, and its output is whole. */
    void ends(Api api) {
      api.shell(id, "touch /over");
      api.awaitExit(id, counting);
      long lines = lines(api);
      assertThat(api.delete(path).expecting(200).get("state").asString()).isEqualTo("ENDED");
      assertThat(lines(api)).isEqualTo(lines);
      assertThat(api.get(path + "/processes/" + ended + "/stdout").text()).isEqualTo("said\n");
    }
  }

  /** A sandbox with Docker, and in it an image that was pulled, and a container that serves. */
  private static final class WithDocker {
    final String id;
    final String path;
    final long daemon;
    final String container;

    WithDocker(Api api, Map<String, String> isolation) {
      Map<String, Object> wanted = new HashMap<>(isolation);
      wanted.put("image", Machine.STATIC);
      id = api.dockerSandbox(wanted);
      path = "/v1/sandboxes/" + id;
      docker(api, "pull", "busybox");
      docker(
          api,
          "run",
          "-d",
          "--name",
          "web",
          "busybox",
          "sh",
          "-c",
          "mkdir /w; echo served >/w/index.html; httpd -f -p 80 -h /w");
      daemon = daemon(api).get("pid").asLong();
      container = container(api);
    }

    private String docker(Api api, String... arguments) {
      String[] command = new String[arguments.length + 1];
      command[0] = "docker";
      System.arraycopy(arguments, 0, command, 1, arguments.length);
      JsonNode done = api.exec(id, command);
      assertThat(done.at("/exit/code").asInt()).as(done.toString()).isZero();
      return Api.text(done, "stdout").strip();
    }

    private JsonNode daemon(Api api) {
      return api.get(path + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
    }

    /** Which it is, and since when it runs. */
    private String container(Api api) {
      return docker(api, "inspect", "-f", "{{.Id}} {{.State.StartedAt}} {{.State.Running}}", "web");
    }

    void goesOn(Api api) {
      assertThat(api.get(path).expecting(200).get("state").asString()).isEqualTo("READY");
      assertThat(daemon(api).get("state").asString()).isEqualTo("READY");
      assertThat(daemon(api).get("pid").asLong()).isEqualTo(daemon);
      serves(api);
    }

    private void serves(Api api) {
      assertThat(container(api)).isEqualTo(container).endsWith(" true");
      assertThat(docker(api, "exec", "web", "wget", "-q", "-O", "-", "http://127.0.0.1/"))
          .isEqualTo("served");
      assertThat(docker(api, "run", "--rm", "--pull=never", "busybox", "echo", "more"))
          .isEqualTo("more");
    }

    /** Its daemon is killed: it comes back, and the container has not noticed. */
    void recovers(Api api) {
      int restarts = daemon(api).get("restarts").asInt();
      Machine.kill9(Machine.hostPids(id, "dockerd").getFirst());
      Eventually.holds(
          () -> daemon(api),
          now ->
              now.get("restarts").asInt() > restarts
                  && now.get("state").asString().equals("READY"));
      serves(api);
    }

    void ends(Api api) {
      assertThat(api.delete(path + "?grace=PT5S").expecting(200).get("state").asString())
          .isEqualTo("ENDED");
    }
  }

  /** What outlives sandboxes. */
  private static final class Records {
    private final String over;
    private final long past;
    private final String grant;

    Records(Api api, String sandbox) {
      over = api.sandbox(Map.of("image", Machine.DEBIAN));
      past = api.shell(over, "echo of the past").get("pid").asLong();
      api.delete("/v1/sandboxes/" + over + "?grace=PT0S").expecting(200);
      grant =
          api.post("/v1/sandboxes/" + sandbox + "/grants", Map.of("scope", "DOCKER"))
              .expecting(201)
              .get("id")
              .asString();
      put(
          api,
          "/v1/registries/registry.example.com",
          Map.of("username", "ci", "password", "s3cret"));
      put(
          api,
          "/v1/templates/warm",
          Map.of("sandbox", Map.of("image", Machine.DEBIAN), "pool", Map.of("min", 1, "max", 1)));
    }

    private static void put(Api api, String path, Map<String, ?> body) {
      assertThat(
              api.put(path, Api.JSON.writeValueAsString(body), "Content-Type", "application/json")
                  .status())
          .isBetween(200, 202);
    }

    void areThere(Api api, String sandbox) {
      JsonNode ended = api.get("/v1/sandboxes/" + over).expecting(200);
      assertThat(ended.get("reason").asString()).isEqualTo("TERMINATED");
      assertThat(api.get("/v1/sandboxes/" + over + "/processes/" + past + "/stdout").text())
          .isEqualTo("of the past\n");
      assertThat(api.get("/v1/sandboxes/" + over + "/events?after=0").text()).contains("ENDED");
      assertThat(api.get("/v1/sandboxes/" + sandbox + "/grants").text()).contains(grant);
      assertThat(api.get("/v1/registries").text()).contains("registry.example.com");
      JsonNode template = api.get("/v1/templates/warm?waitFor=READY&timeout=PT60S").expecting(200);
      assertThat(template.get("state").asString()).isEqualTo("READY");
      // Its pool is filled anew, with what the service of now makes.
      Eventually.holds(
          () -> api.get("/v1/templates/warm").expecting(200),
          now -> now.at("/pool/ready").asInt() >= 1);
      String pooled = api.sandbox(Map.of("template", "warm"));
      assertThat(Api.text(api.shell(pooled, "echo new"), "stdout")).isEqualTo("new\n");
      api.delete("/v1/sandboxes/" + pooled + "?grace=PT0S").expecting(200);
    }
  }

  /** The volumes of the kit that a sandbox sees. */
  private static Set<String> kitOf(String sandbox) {
    String mounts = "{{range .Mounts}}{{if eq .Type \"volume\"}}{{.Name}} {{end}}{{end}}";
    Set<String> volumes =
        new TreeSet<>(
            Machine.words(
                Machine.run("docker", "inspect", "-f", mounts, Machine.container(sandbox))));
    volumes.removeIf(volume -> !volume.startsWith("caisson-kit-"));
    assertThat(volumes).isNotEmpty();
    return volumes;
  }

  @Test
  void whatAnEarlierVersionMadeGoesOnUnderThisOne(@TempDir Path home) throws Exception {
    kitIs("-older");
    try (ServiceProcess service = ServiceProcess.startOlder(home, SETTINGS)) {
      Api api = service.api();
      Plain plain = new Plain(api);
      WithDocker best = new WithDocker(api, Map.of());
      WithDocker rootless = new WithDocker(api, Map.of("isolation", "rootless"));
      Records records = new Records(api, best.id);
      Set<String> kit = kitOf(best.id);
      long lines = plain.lines(api);

      service.terminate();
      kitIs("");
      service.upgrade();

      plain.goesOn(service.api(), lines);
      best.goesOn(service.api());
      rootless.goesOn(service.api());
      records.areThere(service.api(), best.id);
      lines = plain.lines(service.api());

      // Once more, without a warning; the new service looks for kits that nobody needs.
      service.kill();
      service.start();
      api = service.api();
      String fresh = api.dockerSandbox(Machine.STATIC);
      assertThat(kitOf(best.id)).isEqualTo(kit);
      plain.goesOn(api, lines);
      best.goesOn(api);
      best.recovers(api);
      rootless.recovers(api);
      assertThat(Machine.attempt("docker", "volume", "inspect", kit.iterator().next()).code())
          .isZero();
      api.delete("/v1/sandboxes/" + fresh + "?grace=PT0S").expecting(200);
      best.ends(api);
      rootless.ends(api);
      plain.ends(api);
    }
  }

  /** A return: what is of this version goes on under the earlier one, and under this one again. */
  @Test
  void whatThisVersionMadeGoesOnUnderAnEarlierOne(@TempDir Path home) throws Exception {
    kitIs("");
    try (ServiceProcess service = ServiceProcess.start(home, SETTINGS)) {
      Api api = service.api();
      Plain plain = new Plain(api);
      WithDocker docker = new WithDocker(api, Map.of());
      Records records = new Records(api, docker.id);
      long lines = plain.lines(api);

      service.kill();
      kitIs("-older");
      service.goBack();

      plain.goesOn(service.api(), lines);
      docker.goesOn(service.api());
      docker.recovers(service.api());
      records.areThere(service.api(), docker.id);
      lines = plain.lines(service.api());

      service.terminate();
      kitIs("");
      service.upgrade();
      plain.goesOn(service.api(), lines);
      plain.ends(service.api());
      docker.ends(service.api());
    }
  }
}
