package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Networks of containers in a sandbox are as on a host of their own. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InnerNetworksIT {
  private static final String MTU = "cat /sys/class/net/eth0/mtu";

  private final Api api;
  @AutoClose private final DockerSandbox sandbox;

  InnerNetworksIT(Api api) {
    this.api = api;
    sandbox = new DockerSandbox(api, Machine.DEBIAN);
  }

  /** Larger packets would be lost on the way out. */
  @Test
  void packetsAreNoLargerThanTheSandboxesOwn() {
    String own = said(MTU);
    assertThat(said("docker run --rm busybox " + MTU)).isEqualTo(own);
    said("docker network create own");
    assertThat(said("docker run --rm --network own busybox " + MTU)).isEqualTo(own);
    assertThat(
            said(
                "printf 'FROM busybox\\nRUN "
                    + MTU
                    + " >/mtu\\n' | docker build -q -t built - && docker run --rm built cat /mtu"))
        .endsWith("\n" + own);
  }

  @Test
  void namesAreFoundByManyAtOnce() {
    said(
        "docker network create names && docker run -d --name found --network names busybox sleep 1000");
    assertThat(
            said(
                """
                docker run --rm --network names busybox sh -c '
                  for i in $(seq 20); do
                    (for j in $(seq 25); do nslookup found >/dev/null 2>&1 && echo found || echo lost; done) &
                  done; wait' | sort | uniq -c\
                """))
        .isEqualTo("500 found");
  }

  /** Where the sandbox's users are nobody on the host; elsewhere it is said. */
  @Test
  void containersReachEachOtherByIpv6() {
    if (!api.isolation(sandbox.id()).equals("userns")) {
      assertThat(Api.text(api.shell(sandbox.id(), "docker network create --ipv6 six"), "stderr"))
          .contains("Cannot read IPv6 setup");
      return;
    }
    said("docker network create --ipv6 six");
    said("docker run -d --name server --network six busybox sleep 1000");
    assertThat(said("docker run --rm --network six busybox ping -6 -c 1 -w 20 server"))
        .contains("1 packets received");
  }

  private String said(String line) {
    return sandbox.said(line).strip();
  }
}
