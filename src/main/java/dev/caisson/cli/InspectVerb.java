package dev.caisson.cli;

import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.ProcessNumbers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The verb that prints all that is known of a sandbox or a process. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "All that is known of a sandbox, or of a process of it, as JSON.")
final class InspectVerb extends CliCommand {
  @Parameters(paramLabel = "SANDBOX", index = "0", description = "Its id or name.")
  private String sandbox = "";

  @Parameters(paramLabel = "PROCESS", index = "1", arity = "0..1", description = "Its pid or name.")
  private @Nullable String process;

  InspectVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    String path = at(sandbox);
    JsonNode found =
        service()
            .get(process == null ? path : ProcessNumbers.path(service(), path, process))
            .body();
    cli.print(cli.json() ? found.toString() : found.toPrettyString());
    return ExitCode.OK;
  }
}
