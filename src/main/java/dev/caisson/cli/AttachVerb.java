package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ProcessNumbers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verb that attaches this program to a process that runs already. */
@Command(
    name = "attach",
    mixinStandardHelpOptions = true,
    description = "See what a process writes, from its start, and give it what is read here.")
final class AttachVerb extends CliCommand {
  @Option(names = "--look", description = "Look on only.")
  private boolean look;

  @Option(names = "--take-over", description = "Write in place of who writes now.")
  private boolean takeOver;

  @Parameters(paramLabel = "SANDBOX", index = "0", description = "Its id or name.")
  private String sandbox = "";

  @Parameters(paramLabel = "PROCESS", index = "1", description = "Its pid or name.")
  private String process = "";

  AttachVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    String path = ProcessNumbers.path(service(), at(sandbox), process);
    boolean tty = service().get(path).body().path("tty").isObject();
    if (tty && !look && !cli.terminal.input()) {
      throw new CliException.Usage(
          "the process has a terminal, but standard input is not a terminal: use --look");
    }
    return new Execution(cli).attach(path, !look, tty && !look, takeOver, !look);
  }
}
