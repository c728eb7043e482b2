package dev.caisson.cli;

import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The verb that runs the Docker CLI in a sandbox. */
@Command(
    name = "docker",
    mixinStandardHelpOptions = true,
    description = "Run the Docker CLI in a sandbox. At a terminal it gets one, as with -it.",
    footer = {"", "For the Docker CLI of this machine: caisson context."})
final class DockerVerb extends CliCommand {
  @Mixin private final ProcessOptions process = new ProcessOptions();

  @Parameters(paramLabel = "SANDBOX", index = "0", description = "Its id or name.")
  private String sandbox = "";

  @Parameters(
      paramLabel = "ARGUMENT",
      index = "1..*",
      arity = "1..*",
      description = "Of docker: ps, pull nginx, compose up.")
  private List<String> arguments = new ArrayList<>();

  DockerVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(Arguments.command(arguments));
    String path = at(sandbox);
    CreateVerb.awaitDaemon(service(), path);
    var start = Execution.start(command);
    if (process.detach) {
      start.put("background", true);
      cli.print(Json.word(service().post(path + "/processes", start).body(), "pid"));
      return ExitCode.OK;
    }
    boolean person = cli.terminal.input() && cli.terminal.output();
    return new Execution(cli)
        .run(path, start, process.interactive || person, process.tty || person);
  }
}
