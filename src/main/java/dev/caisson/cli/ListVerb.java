package dev.caisson.cli;

import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.Service;
import dev.caisson.cli.client.ServiceAnswer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The verb that lists sandboxes. */
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    description = "List sandboxes, newest first.")
final class ListVerb extends CliCommand {
  @Option(
      names = {"-a", "--all"},
      description = "Those that have ended, too, while they are kept.")
  private boolean all;

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Those that have it.")
  private @Nullable String label;

  @Option(
      names = {"-q", "--quiet"},
      description = "Their ids alone.")
  private boolean quiet;

  ListVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    String query = "/v1/sandboxes?limit=500";
    if (label != null) {
      query += "&label=" + Service.encode(label.replaceFirst("=", ":"));
    }
    ServiceAnswer answer = service().all(query);
    List<JsonNode> shown = new ArrayList<>();
    for (JsonNode sandbox : answer.body().path("items")) {
      String state = Json.text(sandbox, "state");
      if (all || !(state.equals("ENDED") || state.equals("FAILED"))) {
        shown.add(sandbox);
      }
    }
    if (quiet) {
      shown.forEach(sandbox -> cli.print(Json.text(sandbox, "id")));
    } else if (cli.json()) {
      var items = Json.object().putArray("items");
      items.addAll(shown);
      cli.print(items);
    } else {
      Table table = new Table("ID", "NAME", "STATE", "IMAGE", "DOCKER", "AGE", "EXPIRES");
      for (JsonNode sandbox : shown) {
        String docker = Json.text(sandbox.path("docker"), "state");
        String reason = Json.text(sandbox, "reason");
        table.row(
            Json.text(sandbox, "id"),
            Json.text(sandbox, "name"),
            Json.text(sandbox, "state") + (reason.isEmpty() ? "" : " " + reason),
            Json.text(sandbox, "image"),
            docker.equals("DISABLED") ? "" : docker,
            answer.age(Json.text(sandbox, "createdAt")),
            answer.left(Json.text(sandbox, "expiresAt")));
      }
      table.print(cli.out);
    }
    return ExitCode.OK;
  }
}
