package dev.caisson.cli;

import dev.caisson.cli.client.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** The verb that prints a completion script for the shell. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Print a completion script for bash or zsh: source <(caisson completion)")
final class CompletionVerb extends CliCommand {
  CompletionVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    cli.print(AutoComplete.bash("caisson", Caisson.commandLine(cli, "")));
    return ExitCode.OK;
  }
}
