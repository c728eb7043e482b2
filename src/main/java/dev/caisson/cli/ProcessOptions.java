package dev.caisson.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** The options by which this program's streams become those of a process. */
final class ProcessOptions {
  @Option(
      names = {"-i", "--interactive"},
      description = "Give it what is read here.")
  boolean interactive;

  @Option(
      names = {"-t", "--tty"},
      description = "Give it a terminal.")
  boolean tty;

  @Option(
      names = {"-d", "--detach"},
      description = "Leave it running, and print its pid.")
  boolean detach;

  /** The further options of a process. */
  static final class More {
    @Option(
        names = {"-e", "--env"},
        paramLabel = "NAME[=VALUE]",
        description = "Without a value that of this shell's variable.")
    List<String> env = new ArrayList<>();

    @Option(
        names = {"-w", "--workdir"},
        paramLabel = "DIR",
        description = "Where it starts.")
    @Nullable String workdir;

    @Option(
        names = {"-u", "--user"},
        paramLabel = "USER",
        description = "name, uid, uid:gid or name:group.")
    @Nullable String user;

    @Option(names = "--name", paramLabel = "NAME", description = "Yours to choose.")
    @Nullable String name;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Its life: 30s, 10m.")
    @Nullable String timeout;

    void into(ObjectNode start, Map<String, String> environment) {
      Arguments.environment(start, env, environment);
      if (workdir != null) {
        start.put("cwd", workdir);
      }
      if (user != null) {
        start.put("user", user);
      }
      if (name != null) {
        start.put("name", name);
      }
      if (timeout != null) {
        start.put("timeout", Arguments.duration(timeout));
      }
    }
  }
}
