package dev.caisson.cli;

import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The verb that runs a command in a sandbox that is there. */
@Command(
    name = "exec",
    mixinStandardHelpOptions = true,
    description = "Run a command in a sandbox.")
final class ExecVerb extends CliCommand {
  @Mixin private final ProcessOptions process = new ProcessOptions();
  @Mixin private final ProcessOptions.More more = new ProcessOptions.More();

  @Parameters(paramLabel = "SANDBOX", index = "0", description = "Its id or name.")
  private String sandbox = "";

  @Parameters(
      paramLabel = "COMMAND",
      index = "1..*",
      arity = "1..*",
      description = "With its arguments.")
  private List<String> command = new ArrayList<>();

  ExecVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    ObjectNode start = Execution.start(Arguments.command(command));
    more.into(start, cli.environment);
    String path = at(sandbox);
    if (process.detach) {
      if (process.tty) {
        start.putObject("tty").put("rows", 24).put("cols", 80);
      } else if (process.interactive) {
        start.put("stdinOpen", true);
      }
      JsonNode started = service().post(path + "/processes", start.put("background", true)).body();
      cli.print(cli.json() ? started.toString() : Json.word(started, "pid"));
      return ExitCode.OK;
    }
    return new Execution(cli).run(path, start, process.interactive, process.tty);
  }
}
