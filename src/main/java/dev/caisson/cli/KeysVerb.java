package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.Service;
import dev.caisson.cli.client.ServiceAnswer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The verb for keys to one thing of one sandbox, which are given to others in place of the
 * service's.
 */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Short-lived keys to one thing of a sandbox: its Docker daemon, or one port.")
final class KeysVerb extends CliCommand {
  private static final String GRANTS = "/grants";

  @Spec private @Nullable CommandSpec spec;

  KeysVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    throw new ParameterException(line, "Specify a command: list, create or revoke.");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Those of a sandbox that are in force. Their tokens are not shown again.")
  int list(@Parameters(paramLabel = "SANDBOX", description = "Its id or name.") String sandbox) {
    ServiceAnswer answer = service().get(at(sandbox) + GRANTS);
    JsonNode items = answer.body().path("items");
    if (cli.json()) {
      cli.print(items);
      return ExitCode.OK;
    }
    Table table = new Table("ID", "FOR", "PORT", "EXPIRES");
    for (JsonNode grant : items) {
      table.row(
          Json.text(grant, "id"),
          Json.text(grant, "scope"),
          Json.word(grant, "port"),
          answer.left(Json.text(grant, "expiresAt")));
    }
    table.print(cli.out);
    return ExitCode.OK;
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make one, and print it: DOCKER_HOST for the daemon, a link for a port.")
  int create(
      @Option(
              names = "--docker",
              description = "To the Docker daemon: whoever has it is root there.")
          boolean docker,
      @Option(names = "--port", paramLabel = "PORT", description = "To one port, by HTTP.")
          @Nullable Integer port,
      @Option(names = "--ttl", paramLabel = "TIME", description = "1h, if nothing is said.")
          @Nullable String ttl,
      @Parameters(paramLabel = "SANDBOX", description = "Its id or name.") String sandbox) {
    if (docker == (port != null)) {
      throw new CliException.Usage("specify --docker or --port PORT");
    }
    ObjectNode wanted = Json.object();
    if (ttl != null) {
      wanted.put("ttl", Arguments.duration(ttl));
    }
    JsonNode made =
        docker
            ? service().post(at(sandbox) + GRANTS, wanted.put("scope", "DOCKER")).body()
            : service().post(at(sandbox) + "/links", wanted.put("port", port)).body();
    if (cli.json()) {
      cli.print(made);
    } else {
      cli.print(docker ? Json.text(made.path("urls"), "dockerHost") : Json.text(made, "url"));
      cli.say(Json.text(made, "id") + ", until " + Json.text(made, "expiresAt"));
    }
    return ExitCode.OK;
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "End one, and what is open by it.")
  int revoke(
      @Parameters(index = "0", paramLabel = "SANDBOX", description = "Its id or name.")
          String sandbox,
      @Parameters(index = "1", paramLabel = "ID", description = "As list shows it.") String id) {
    service().delete(at(sandbox) + GRANTS + "/" + Service.encode(id));
    return ExitCode.OK;
  }
}
