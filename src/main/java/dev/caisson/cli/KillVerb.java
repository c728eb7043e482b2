package dev.caisson.cli;

import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.ProcessNumbers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verb that sends a signal to a process. */
@Command(
    name = "kill",
    mixinStandardHelpOptions = true,
    description = "Send a signal to a process and its group.")
final class KillVerb extends CliCommand {
  @Option(
      names = {"-s", "--signal"},
      paramLabel = "SIGNAL",
      description = "TERM, if nothing is said.")
  private String signal = "TERM";

  @Parameters(paramLabel = "SANDBOX", index = "0", description = "Its id or name.")
  private String sandbox = "";

  @Parameters(paramLabel = "PROCESS", index = "1", description = "Its pid or name.")
  private String process = "";

  KillVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    service()
        .post(
            ProcessNumbers.path(service(), at(sandbox), process) + "/signal",
            Json.object().put("signal", signal));
    return ExitCode.OK;
  }
}
