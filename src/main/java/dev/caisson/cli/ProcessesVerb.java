package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.SandboxNames;
import dev.caisson.cli.client.ServiceAnswer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The verb that lists processes. */
@Command(
    name = "ps",
    mixinStandardHelpOptions = true,
    description = "List the processes of a sandbox, or of all that are ready.")
final class ProcessesVerb extends CliCommand {
  private static final int LONGEST = 60;

  @Option(
      names = {"-a", "--all"},
      description = "Those that have ended, too.")
  private boolean all;

  @Parameters(paramLabel = "SANDBOX", arity = "0..1", description = "Its id or name.")
  private @Nullable String sandbox;

  ProcessesVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    List<String> ids = new ArrayList<>();
    if (sandbox != null) {
      ids.add(SandboxNames.id(service(), sandbox));
    } else {
      service()
          .all("/v1/sandboxes?limit=500&state=READY")
          .body()
          .path("items")
          .forEach(each -> ids.add(Json.text(each, "id")));
    }
    var items = Json.object().putArray("items");
    Table table = new Table("SANDBOX", "PID", "NAME", "STATE", "AGE", "COMMAND");
    for (String id : ids) {
      for (JsonNode process : of(id, table)) {
        items.add(((ObjectNode) process).put("sandbox", id));
      }
    }
    if (cli.json()) {
      cli.print(items);
    } else {
      table.print(cli.out);
    }
    return ExitCode.OK;
  }

  private JsonNode of(String id, Table table) {
    String path = "/v1/sandboxes/" + id + "/processes?limit=1000" + (all ? "" : "&state=RUNNING");
    ServiceAnswer answer;
    try {
      answer = service().all(path);
    } catch (CliException.Refused e) {
      if (sandbox == null && e.problem.status() < 500) {
        // The sandbox has ended since it was listed.
        return Json.object();
      }
      throw e;
    }
    for (JsonNode process : answer.body().path("items")) {
      table.row(
          id,
          Json.word(process, "pid"),
          Json.text(process, "name"),
          state(process),
          answer.age(Json.text(process, "startedAt")),
          command(process));
    }
    return answer.body().path("items");
  }

  private static String state(JsonNode process) {
    JsonNode exit = process.path("exit");
    if (!exit.isObject()) {
      return Json.text(process, "state");
    }
    String signal = Json.text(exit, "signal");
    String how = signal.isEmpty() ? Json.word(exit, "code") : signal;
    String cause = Json.text(exit, "cause");
    return cause.equals("EXITED") || cause.equals("SIGNALED") ? "EXITED " + how : cause;
  }

  private static String command(JsonNode process) {
    String shell = Json.text(process, "shell");
    List<String> words = new ArrayList<>();
    process.path("command").forEach(word -> words.add(word.asString("")));
    String line = shell.isEmpty() ? String.join(" ", words) : shell;
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
