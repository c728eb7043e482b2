package dev.caisson.supervisor.setup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules in the host's network that keep sandboxes away from the host itself and from what is
 * denied to all of them. One chain for each service, before any address is translated: a port that
 * is published on the host is seen as the host's, as it is meant. A packet that is dropped here is
 * dropped, whatever other rules say, and whichever of the two kinds of tables they are in.
 */
final class HostWall {
  private static final String ESTABLISHED = "-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN";

  /**
   * The rule against packets that claim an address which is not reached by the bridge they came
   * from: connections are known by their addresses alone, so that a forged packet would belong to
   * another sandbox's.
   */
  private static final String FORGED = "-m rpfilter --invert -j DROP";

  private final ToolRun tools;
  private final DaemonLayout layout;

  HostWall(ToolRun tools, DaemonLayout layout) {
    this.tools = tools;
    this.layout = layout;
  }

  /**
   * The plan of the wall.
   *
   * @param chain its name
   * @param interfaces the prefix of the names of the sandboxes' bridges on the host
   * @param pool the network that all sandboxes' addresses are of
   * @param allow addresses with ports, {@code 172.17.0.1:5000}, that stay reachable
   * @param deny networks that no sandbox may reach
   */
  record Plan(
      String chain, String interfaces, String pool, List<String> allow, List<String> deny) {}

  /** Builds the wall; returns an empty text if it stands, else why it does not. */
  String build(Plan plan) throws IOException, InterruptedException {
    String failure = build(plan, "iptables", rules(plan, true));
    if (!failure.isEmpty()) {
      // A kernel without rpfilter; addresses from outside of the pool are refused all the same.
      failure = build(plan, "iptables", rules(plan, false));
    }
    if (!failure.isEmpty()) {
      return failure;
    }
    // The bridges have no IPv6 but the addresses that every interface makes for itself.
    String six = build(plan, "ip6tables", List.of("-j DROP"));
    return six.isEmpty() || hasNoSix(six) ? "" : "IPv6: " + six;
  }

  private static boolean hasNoSix(String failure) {
    return failure.contains("Address family not supported");
  }

  private static List<String> rules(Plan plan, boolean byPath) {
    List<String> rules = new ArrayList<>();
    rules.add("! -s " + plan.pool() + " -j DROP");
    if (byPath) {
      rules.add(FORGED);
    }
    rules.add(ESTABLISHED);
    for (String allowed : plan.allow()) {
      int colon = allowed.lastIndexOf(':');
      for (String protocol : List.of("tcp", "udp")) {
        rules.add(
            "-d %s -p %s --dport %s -j RETURN"
                .formatted(allowed.substring(0, colon), protocol, allowed.substring(colon + 1)));
      }
    }
    plan.deny().forEach(denied -> rules.add("-d " + denied + " -j DROP"));
    rules.add("-m addrtype --dst-type LOCAL -j DROP");
    rules.add("-m addrtype ! --dst-type UNICAST -j DROP");
    return rules;
  }

  /** Builds a chain in the tables of today's kernels, or in the older ones. */
  private String build(Plan plan, String tool, List<String> rules)
      throws IOException, InterruptedException {
    String newer = build(plan, layout.toolkit().resolve("bin/" + tool).toString(), rules, tool);
    if (newer.isEmpty()) {
      return "";
    }
    String older =
        build(plan, layout.toolkit().resolve("bin-legacy/" + tool).toString(), rules, tool);
    return older.isEmpty() ? "" : newer + "; " + older;
  }

  private String build(Plan plan, String program, List<String> rules, String tool)
      throws IOException, InterruptedException {
    // In one piece: there is no moment in which the chain stands half.
    StringBuilder table = new StringBuilder("*mangle\n:" + plan.chain() + " - [0:0]\n");
    rules.forEach(
        rule -> table.append("-A ").append(plan.chain()).append(' ').append(rule).append('\n'));
    table.append("COMMIT\n");
    ToolRun.Outcome filled =
        tools.run(List.of(program + "-restore", "--noflush", "-w", "10"), table.toString());
    if (!filled.ok()) {
      return tool + ": " + filled.words();
    }
    List<String> jump = List.of("PREROUTING", "-i", plan.interfaces() + "+", "-j", plan.chain());
    if (tools.run(with(program, "-C", jump), "").ok()) {
      return "";
    }
    ToolRun.Outcome linked = tools.run(with(program, "-I", jump), "");
    return linked.ok() ? "" : tool + ": " + linked.words();
  }

  private static List<String> with(String program, String verb, List<String> rule) {
    List<String> command = new ArrayList<>(List.of(program, "-w", "10", "-t", "mangle", verb));
    command.addAll(rule);
    return command;
  }
}
