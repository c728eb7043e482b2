package dev.caisson.it.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the service says the kit and the console are made of, against those in a sandbox. */
@ExtendWith(SharedService.class)
class BillsIT {
  private static final String DOCKER = "/opt/caisson/docker/";
  private static String sandbox;

  @BeforeAll
  static void start(Api api) {
    sandbox = api.dockerSandbox(Machine.STATIC);
  }

  @AfterAll
  static void end(Api api) {
    api.delete("/v1/sandboxes/" + sandbox);
  }

  @Test
  void thereIsOneForEachPart(Api api) {
    assertThat(api.get("/actuator/sbom").expecting(200).get("ids").valueStream())
        .extracting(JsonNode::asString)
        .containsExactlyInAnyOrder("application", "console", "kit", "kit-docker");
    assertThat(versions(api, "console")).containsKeys("preact", "htm", "@xterm/xterm");
    assertThat(versions(api, "kit")).containsKeys("libc6", "musl-dev", "openjdk-25-jdk-headless");
    assertThat(own(api, "kit")).contains("init", "launch", "libcalls.so");
    assertThat(own(api, "kit-docker")).contains("nest", "docker-credential-caisson");
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io, bin/dockerd, --version",
    "docker-cli, bin/docker, --version",
    "containerd, bin/containerd, --version",
    "runc, bin/runc, --version",
    "docker-buildx, cli-plugins/docker-buildx, version",
    "docker-compose, cli-plugins/docker-compose, version",
    "iptables, bin/iptables, --version",
    "tini-static, bin/docker-init, --version"
  })
  void aProgramIsOfTheVersionThatIsSaid(String part, String program, String flag, Api api) {
    // Debian's own part of the version is no business of the program.
    String version =
        requireNonNull(versions(api, "kit-docker").get(part)).replaceFirst("[^0-9.].*", "");

    JsonNode said = api.exec(sandbox, DOCKER + program, flag);

    assertThat(Api.text(said, "stdout")).contains(version);
  }

  @ParameterizedTest
  @CsvSource({"kit, /opt/caisson/", "kit-docker, " + DOCKER})
  void everyPackageHasItsCopyrightFile(String part, String directory, Api api) {
    String line = "cd " + directory + "licenses && find . -name copyright -size +0";

    JsonNode found = api.exec(sandbox, "/bin/busybox", "sh", "-c", line);

    assertThat(new TreeSet<>(List.of(Api.text(found, "stdout").split("\n"))))
        .isEqualTo(
            versions(api, part).keySet().stream()
                .map(name -> "./" + name + "/copyright")
                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll));
  }

  private static Map<String, String> versions(Api api, String part) {
    Map<String, String> versions = new TreeMap<>();
    JsonNode bill = api.get("/actuator/sbom/" + part).expecting(200);
    for (JsonNode component : bill.get("components")) {
      versions.put(component.get("name").asString(), component.get("version").asString());
    }
    return versions;
  }

  private static List<String> own(Api api, String part) {
    return api.get("/actuator/sbom/" + part)
        .expecting(200)
        .at("/metadata/component/components")
        .valueStream()
        .map(file -> file.get("name").asString())
        .toList();
  }
}
