package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Containers that ask for more than the usual get what their sandbox has, whatever holds it apart.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrivilegedIT {
  /** The kit's Docker in a container of an image that has none; its data are not on an overlay. */
  private static final String INNER_DOCKER =
      """
      docker run -d --name inner --privileged -v /opt/caisson:/opt/caisson:ro -v /var/lib/docker \\
        -e PATH=/opt/caisson/docker/bin:/bin -e XTABLES_LIBDIR=/opt/caisson/docker/lib/xtables \\
        busybox sh -c 'mkdir -p /run /var/run /tmp && exec dockerd >/said 2>&1'
      for i in 1 2 3 4 5 6 7 8 9 10; do
        docker exec inner docker version >/dev/null 2>&1 && break
        docker exec inner sleep 1
      done
      docker save busybox | docker exec -i inner docker load || docker exec inner cat /said >&2
      docker exec inner docker run --rm busybox echo from the third floor
      """;

  private ServiceProcess service;
  private Api api;
  private String sandbox = "";

  @BeforeAll
  void start(@TempDir Path home) {
    service =
        ServiceProcess.start(
            home, Map.of("CAISSON_HOST_ISOLATIONS", "userns,rootless,capabilities"));
    api = service.api();
  }

  @AfterAll
  void end() {
    service.close();
  }

  @AfterEach
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
  }

  List<String> modes() {
    List<String> names = new ArrayList<>();
    for (JsonNode mode : api.get("/v1/host").expecting(200).get("modes")) {
      if (mode.get("available").asBoolean()
          && mode.get("allowed").asBoolean()
          && mode.get("docker").asBoolean()) {
        names.add(mode.get("name").asString());
      }
    }
    assertThat(names).contains("capabilities").hasSizeGreaterThan(1);
    return names;
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aPrivilegedContainerHasAllThatTheSandboxHas(String isolation) {
    create(isolation);
    long dockerd =
        api.get("/v1/sandboxes/" + sandbox + "/docker").expecting(200).get("pid").asLong();
    assertThat(
            said(
                """
                docker run --rm --privileged busybox sh -c '
                  mkdir /m && mount -t tmpfs none /m && : >/m/x && ls /m
                  grep -m 1 " /sys " /proc/mounts; grep CapEff /proc/self/status'\
                """))
        .startsWith("x\n")
        .containsPattern(" /sys sysfs ro,")
        .contains(said("grep CapEff /proc/" + dockerd + "/status").strip());
  }

  /**
   * As kind, k3d, act and services called docker:dind need it. Without root over {@code /proc}
   * containerd cannot be had again, and says so.
   */
  @ParameterizedTest
  @MethodSource("modes")
  void dockerRunsInAPrivilegedContainer(String isolation) {
    create(isolation);
    if (isolation.equals("rootless")) {
      assertThat(Api.text(api.shell(sandbox, INNER_DOCKER), "stderr"))
          .contains("oom_score_adj: read-only file system");
    } else {
      assertThat(said(INNER_DOCKER)).endsWith("from the third floor\n");
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aDeviceIsGivenUnderAnyName(String isolation) {
    create(isolation);
    assertThat(
            said(
                """
                docker run --rm --device /dev/zero:/dev/naught --device /dev/null busybox sh -c '
                  head -c 3 /dev/naught | od -An -c && echo gone >/dev/null'\
                """))
        .isEqualTo("  \\0  \\0  \\0\n");
  }

  /** Those of the host that it lets anybody open. */
  @ParameterizedTest
  @MethodSource("modes")
  void fuseAndTunnelsAreGivenWhereTheHostHasThem(String isolation) throws IOException {
    create(isolation);
    String mounted =
        Api.text(
            api.shell(
                sandbox,
                """
                docker run --rm --device /dev/fuse --cap-add SYS_ADMIN busybox sh -c '
                  exec 3<>/dev/fuse && mkdir /m &&
                  mount -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 none /m && grep -c " /m fuse" /proc/mounts'\
                """),
            "stdout");
    assertThat(mounted).isEqualTo(anybodyMayOpen("/dev/fuse") ? "1\n" : "");
    if (anybodyMayOpen("/dev/net/tun")) {
      said("docker run --rm --device /dev/net/tun --cap-add NET_ADMIN busybox tunctl -t mine");
    }
  }

  private static boolean anybodyMayOpen(String device) throws IOException {
    return Files.getPosixFilePermissions(Path.of(device))
        .containsAll(PosixFilePermissions.fromString("------rw-"));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aDomainNameIsGiven(String isolation) {
    create(isolation);
    assertThat(said("docker run --rm --hostname h --domainname example.org busybox hostname -f"))
        .isEqualTo("h.example.org\n");
    assertThat(said("docker run --rm --domainname example.org busybox dnsdomainname"))
        .isEqualTo("example.org\n");
    assertThat(said("cat /proc/sys/kernel/domainname")).doesNotContain("example");
  }

  /** A nest has mounts of its own, which nobody shares, and Docker says so. */
  @ParameterizedTest
  @MethodSource("modes")
  void aMountInASharedDirectoryIsSeenByAll(String isolation) {
    create(isolation);
    String lines =
        """
        mkdir -p /shared/m
        docker run -d --name beholder -v /shared:/s:rslave busybox sleep 1000 >/dev/null
        docker run --rm --privileged -v /shared:/s:rshared busybox mount -t tmpfs told /s/m
        docker exec beholder grep -c ^told /proc/mounts\
        """;
    if (isolation.equals("rootless")) {
      assertThat(Api.text(api.shell(sandbox, lines), "stderr")).contains("not a shared mount");
    } else {
      assertThat(said(lines)).isEqualTo("1\n");
    }
  }

  private void create(String isolation) {
    sandbox = api.dockerSandbox(Map.of("image", Machine.DEBIAN, "isolation", isolation));
  }

  private String said(String line) {
    JsonNode ended = api.shell(sandbox, line);
    assertThat(ended.get("exit").get("code").asInt()).as(ended.toString()).isZero();
    return Api.text(ended, "stdout");
  }
}
