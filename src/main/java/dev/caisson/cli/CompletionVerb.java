package dev.caisson.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** The verb that prints a completion script for the shell. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Print a completion script for bash or zsh: source <(caisson completion)")
final class CompletionVerb extends CliCommand {
  CompletionVerb(CliContext desk) {
    super(desk);
  }

  @Override
  public Integer call() {
    desk.print(AutoComplete.bash("caisson", Caisson.commandLine(desk, "")));
    return ExitCode.OK;
  }
}
