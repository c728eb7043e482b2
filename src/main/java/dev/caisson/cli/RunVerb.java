package dev.caisson.cli;

import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The verb that runs a command in a sandbox of its own, which ends with it. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Run a command in a new sandbox, which ends with it.")
final class RunVerb extends CliCommand {
  @Mixin private final SandboxOptions sandbox = new SandboxOptions();
  @Mixin private final ProcessOptions process = new ProcessOptions();

  @Option(names = "--keep", description = "Leave the sandbox when the command has ended.")
  private boolean keep;

  @Parameters(
      paramLabel = "IMAGE",
      index = "0",
      description = "Any Linux image; - with --template.")
  private String image = "";

  @Parameters(
      paramLabel = "COMMAND",
      index = "1..*",
      arity = "1..*",
      description = "With its arguments.")
  private List<String> command = new ArrayList<>();

  RunVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    List<String> wanted = Arguments.command(command);
    JsonNode made =
        service()
            .post(
                "/v1/sandboxes",
                sandbox.creation(cli.environment, image.equals("-") ? null : image))
            .body();
    String id = Json.text(made, "id");
    String path = "/v1/sandboxes/" + id;
    boolean stays = keep || process.detach;
    AtomicBoolean gone = new AtomicBoolean(stays);
    Runnable end =
        () -> {
          if (!gone.getAndSet(true)) {
            service().delete(path + "?grace=PT0S");
          }
        };
    Thread atEnd = new Thread(end, "end-sandbox");
    // For an end of this program from outside: no other program knows of the sandbox.
    Runtime.getRuntime().addShutdownHook(atEnd);
    try {
      if (Json.text(made.path("docker"), "state").equals("STARTING")) {
        CreateVerb.awaitDaemon(service(), path);
      }
      var start = Execution.start(wanted);
      if (process.detach) {
        start.put("background", true);
        service().post(path + "/processes", start);
        cli.print(id);
        return ExitCode.OK;
      }
      int code = new Execution(cli).run(path, start, process.interactive, process.tty);
      if (keep) {
        cli.say("the sandbox is " + id);
      }
      return code;
    } finally {
      end.run();
    }
  }
}
