package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kit's iptables says what iptables says, and leaves the same rules. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TablesIT {
  /** Of rules that are there, or have names that look like those that are. */
  private static final List<String> LATER =
      List.of(
          "iptables --wait -t filter -C DOCKER-FORWARD -j DOCKER-BRIDGE",
          "iptables --wait -t filter -C DOCKER-FORWARD -j DOCKER",
          "iptables --wait -t filter -C DOCKER-FORWARD -i docker0 -j ACCEPT",
          "iptables --wait -t filter -C DOCKER-FORWARD -i docker -j ACCEPT",
          "iptables --wait -t filter -C DOCKER-FORWARD -i docker+ -j ACCEPT",
          "iptables --wait -t filter -C DOCKER ! -i docker0 -o docker0 -j DROP",
          "iptables --wait -t filter -C DOCKER -i docker0 -o docker0 -j DROP",
          "iptables --wait -t nat -C DOCKER -i docker0 -j RETURN",
          "iptables --wait -t filter -n -L DOCKER",
          "iptables --wait -t filter -n -L FORWARD",
          "iptables --wait -t filter -F FORWARD",
          "ip6tables --wait -t filter -C FORWARD -j DOCKER-USER",
          "iptables --wait -t filter -D DOCKER-FORWARD -i docker0 -j ACCEPT",
          "iptables --wait -t filter -D DOCKER-FORWARD -i docker0 -j ACCEPT",
          "iptables --wait -t filter -X DOCKER-BRIDGE",
          "iptables --wait -t filter -F DOCKER-BRIDGE",
          "iptables --wait -t mangle -C FORWARD -o docker0 -j TCPMSS --clamp-mss-to-pmtu",
          "iptables --wait -t nonsense -F DOCKER");

  private static final String RUN =
      """
      unshare -n sh -c '
        while read -r name line; do
          if [ $1 = kit ]; then program="/opt/caisson/docker/bin/$name"
          else program="/tmp/iptables/$name"; fi
          if $program $line >/dev/null 2>>/tmp/said-$1 </dev/null; then echo "held $name $line"
          else echo "failed $name $line"; fi
        done <<CALLS
      %s
      CALLS
        for name in iptables ip6tables; do /opt/caisson/docker/bin/$name-save | grep -v ^#; done
      ' sh %s
      """;

  @AutoClose private final DockerSandbox sandbox;

  TablesIT(Api api) {
    sandbox = new DockerSandbox(api, Machine.DEBIAN);
  }

  @Test
  void whatDockerdAsksAtItsStartIsAnsweredAlikeAndMostOfItByOurs() throws IOException {
    String calls = start() + String.join("\n", LATER);
    sandbox.said(
        "mkdir /tmp/iptables; for name in iptables ip6tables; do"
            + " ln -s /opt/caisson/docker/bin/xtables-nft-multi /tmp/iptables/$name; done");

    String theirs = sandbox.said(RUN.formatted(calls, "iptables"));
    String ours = sandbox.said(RUN.formatted(calls, "kit"));

    assertThat(theirs).contains("held iptables --wait -t filter -N DOCKER", "-A DOCKER-FORWARD");
    assertThat(ours).isEqualTo(theirs);
    assertThat(sandbox.said("grep -c 'by that name: ' /tmp/said-kit"))
        .satisfies(answered -> assertThat(Integer.parseInt(answered.strip())).isBetween(90, 115));
  }

  /** Returns what dockerd 28.5 asks in a new network namespace. */
  private static String start() throws IOException {
    try (InputStream calls =
        Objects.requireNonNull(TablesIT.class.getResourceAsStream("dockerd-start.txt"))) {
      return new String(calls.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
