package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The verb that makes a sandbox that stays. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = "Make a sandbox, and print its id.")
final class CreateVerb extends CliCommand {
  @Mixin private final SandboxOptions sandbox = new SandboxOptions();

  @Option(names = "--start", description = "Run the image's own command, in the background.")
  private boolean start;

  @Option(names = "--wait", description = "Until its Docker daemon is ready, too.")
  private boolean wait;

  @Parameters(
      paramLabel = "IMAGE",
      arity = "0..1",
      description = "Any Linux image; the service's default.")
  private @Nullable String image;

  CreateVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    ObjectNode body = sandbox.creation(cli.environment, image);
    if (start) {
      body.put("start", "image");
    }
    JsonNode made = service().post("/v1/sandboxes", body).body();
    for (JsonNode warning : made.path("warnings")) {
      cli.say("warning: " + warning.asString(""));
    }
    String id = Json.text(made, "id");
    if (wait && made.path("docker").path("wanted").asBoolean(false)) {
      awaitDaemon(service(), "/v1/sandboxes/" + id);
    }
    if (cli.json()) {
      cli.print(service().get("/v1/sandboxes/" + id).body());
    } else {
      cli.print(id);
    }
    return ExitCode.OK;
  }

  /**
   * Waits until the Docker daemon is ready; a daemon that cannot become so is a failure with its
   * reason.
   */
  static void awaitDaemon(Service service, String sandbox) {
    JsonNode daemon = service.get(sandbox + "/docker?waitFor=READY&timeout=PT90S").body();
    String state = Json.text(daemon, "state");
    if (!state.equals("READY")) {
      String reason = Json.text(daemon, "reason");
      String log = Json.text(daemon, "logTail");
      throw new CliException.Failed(
          "the Docker daemon is "
              + state
              + (reason.isEmpty() ? "" : ": " + reason)
              + (log.isEmpty() ? "" : "\n" + log.indent(2).stripTrailing()));
    }
  }
}
