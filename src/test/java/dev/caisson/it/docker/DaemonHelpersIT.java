package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What dockerd, containerd and BuildKit start by name is there, in an image that has nothing. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DaemonHelpersIT {
  private static final String HELPERS = "/opt/caisson/docker/bin-helpers/";

  /** By their sources: moby 28, containerd 2.1, BuildKit 0.25; modprobe they do without. */
  private static final List<String> STARTED =
      List.of(
          "containerd-shim-runc-v2",
          "runc",
          "docker-proxy",
          "docker-init",
          "iptables",
          "ip6tables",
          "git",
          "ps",
          "unpigz",
          "xz");

  private final Api api;
  @AutoClose private final DockerSandbox sandbox;

  DaemonHelpersIT(Api api) {
    this.api = api;
    sandbox = new DockerSandbox(api, Machine.STATIC);
  }

  @Test
  void allAreOnTheDaemonsPath() {
    long dockerd = api.get(sandbox.path() + "/docker").expecting(200).get("pid").asLong();
    String path =
        said(
            "busybox tr '\\0' '\\n' </proc/" + dockerd + "/environ | busybox sed -n 's/^PATH=//p'");
    for (String program : STARTED) {
      assertThat(said("PATH=" + path.strip() + " busybox which " + program))
          .as(program)
          .isNotBlank();
    }
  }

  @Test
  void processesOfAContainerAreListed() {
    said("docker run -d --name listed busybox sleep 1000");
    assertThat(said("docker top listed")).contains("sleep 1000");
  }

  @Test
  void anArchiveIsUnpackedByTheInstructionThatSaysSo() {
    said(
        """
        busybox mkdir -p /w/in && echo unpacked >/w/in/content && cd /w && busybox tar -c in | %sxz >x.tar.xz
        printf 'FROM busybox\\nADD x.tar.xz /here/\\n' >Dockerfile && docker build -q -t added .
        """
            .formatted(HELPERS));
    assertThat(said("docker run --rm added cat /here/in/content")).isEqualTo("unpacked\n");
  }

  @Test
  void aBuildOfAGitAddressIsBuilt() {
    said(
        """
        busybox mkdir -p /srv/repo && cd /srv/repo && export HOME=/srv PATH=%s:$PATH
        printf 'FROM busybox\\nRUN echo from-git >/content\\n' >Dockerfile
        git init -q . && git add . && git -c user.name=a -c user.email=a@b commit -qm one && git update-server-info
        git rev-parse HEAD >/srv/head
        """
            .formatted(HELPERS));
    api.start(sandbox.id(), "/bin/busybox", "httpd", "-f", "-p", "8097", "-h", "/srv/repo");
    // A nest has a network of its own.
    String host = api.isolation(sandbox.id()).equals("rootless") ? "203.0.113.113" : "127.0.0.1";
    said("docker build -q -t cloned http://%s:8097/.git#$(busybox cat /srv/head)".formatted(host));
    assertThat(said("docker run --rm cloned cat /content")).isEqualTo("from-git\n");
  }

  private String said(String line) {
    JsonNode ended = api.exec(sandbox.id(), "/bin/busybox", "sh", "-c", line);
    assertThat(ended.get("exit").get("code").asInt()).as(ended.toString()).isZero();
    return Api.text(ended, "stdout");
  }
}
