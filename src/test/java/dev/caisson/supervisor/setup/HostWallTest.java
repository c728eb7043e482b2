package dev.caisson.supervisor.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The rules in the host's network: what they are, and which tables they go to. */
class HostWallTest {
  private static final HostWall.Plan PLAN =
      new HostWall.Plan(
          "CAISSON-1a2b3c",
          "cs1a2b3c-",
          "10.201.0.0/16",
          List.of("172.17.0.1:5000"),
          List.of("169.254.0.0/16"));

  private final List<String> ran = new ArrayList<>();
  private Function<String, ToolRun.Outcome> answer = command -> new ToolRun.Outcome(0, "");

  private String build() throws Exception {
    ToolRun tools =
        (command, input) -> {
          String line = String.join(" ", command) + " < " + input;
          ran.add(line);
          return answer.apply(line);
        };
    return new HostWall(tools, new DaemonLayout(Path.of("/"))).build(PLAN);
  }

  @Test
  void whatIsAllowedComesBeforeWhatIsDeniedAndTheHostIsLast() throws Exception {
    assertThat(build()).isEmpty();
    assertThat(ran.getFirst())
        .containsSubsequence(
            "*mangle",
            ":CAISSON-1a2b3c - [0:0]",
            "! -s 10.201.0.0/16 -j DROP",
            "-m rpfilter --invert -j DROP",
            "ESTABLISHED,RELATED -j RETURN",
            "-d 172.17.0.1 -p tcp --dport 5000 -j RETURN",
            "-d 169.254.0.0/16 -j DROP",
            "--dst-type LOCAL -j DROP",
            "COMMIT");
    assertThat(ran)
        .anyMatch(line -> line.contains("ip6tables-restore") && line.contains("-j DROP"));
  }

  @Test
  void theWayToTheChainIsMadeOnce() throws Exception {
    build();
    assertThat(ran).noneMatch(line -> line.contains(" -I "));
    answer = line -> new ToolRun.Outcome(line.contains(" -C ") ? 1 : 0, "");
    assertThat(build()).isEmpty();
    assertThat(ran)
        .anyMatch(line -> line.contains("-I PREROUTING -i cs1a2b3c-+ -j CAISSON-1a2b3c"));
  }

  @Test
  void anOldKernelGetsOldTablesAndNoneAtAllIsSaid() throws Exception {
    answer = line -> new ToolRun.Outcome(line.contains("bin-legacy") ? 0 : 1, "no nft\nhere");
    assertThat(build()).isEmpty();
    answer = line -> new ToolRun.Outcome(1, "no tables");
    assertThat(build()).contains("iptables: no tables");
  }

  @Test
  void aKernelThatCannotAskForThePathBackDropsWhatIsNotOfThePool() throws Exception {
    answer = line -> new ToolRun.Outcome(line.contains("rpfilter") ? 2 : 0, "no such match");
    assertThat(build()).isEmpty();
    assertThat(ran)
        .anyMatch(
            line -> line.contains("! -s 10.201.0.0/16 -j DROP") && !line.contains("rpfilter"));
  }

  @Test
  void aHostWithoutIpv6NeedsNoWallThere() throws Exception {
    answer =
        line ->
            line.contains("ip6tables")
                ? new ToolRun.Outcome(3, "Address family not supported by protocol")
                : new ToolRun.Outcome(0, "");
    assertThat(build()).isEmpty();
  }
}
