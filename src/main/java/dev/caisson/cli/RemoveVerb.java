package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The verb that ends sandboxes. */
@Command(
    name = "rm",
    mixinStandardHelpOptions = true,
    description = "End sandboxes. What their processes wrote stays readable for a while.")
final class RemoveVerb extends CliCommand {
  @Option(names = "--grace", paramLabel = "TIME", description = "How long processes have to end.")
  private @Nullable String grace;

  @Parameters(paramLabel = "SANDBOX", arity = "1..*", description = "Their ids or names.")
  private List<String> sandboxes = new ArrayList<>();

  RemoveVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    int code = ExitCode.OK;
    for (String sandbox : sandboxes) {
      try {
        String path = at(sandbox);
        JsonNode ended =
            service()
                .delete(path + (grace == null ? "" : "?grace=" + Arguments.duration(grace)))
                .body();
        while (Json.text(ended, "state").equals("ENDING")) {
          // The end takes longer than the service lets a request wait.
          for (JsonNode warning : ended.path("warnings")) {
            cli.say(Json.text(ended, "id") + ": " + warning.asString());
          }
          ended = service().get(path + "?waitFor=ENDED&timeout=PT30S").body();
        }
        cli.print(cli.json() ? ended.toString() : Json.text(ended, "id"));
      } catch (CliException.Refused | CliException.Usage e) {
        // The others are ended all the same.
        cli.complain(e);
        code = e.exitCode();
      }
    }
    return code;
  }
}
