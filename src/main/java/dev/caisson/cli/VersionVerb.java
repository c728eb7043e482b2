package dev.caisson.cli;

import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import picocli.CommandLine.Command;

/** The verb that prints the version of this program. */
@Command(
    name = "version",
    mixinStandardHelpOptions = true,
    description = "The version of this program; of the service: caisson doctor.")
final class VersionVerb extends CliCommand {
  VersionVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    cli.print(cli.json() ? Json.object().put("version", own()).toString() : "caisson " + own());
    return ExitCode.OK;
  }

  /** Returns the version that was set by the build. */
  static String own() {
    String built = VersionVerb.class.getPackage().getImplementationVersion();
    return built == null ? "unknown" : built;
  }
}
