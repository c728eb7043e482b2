package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/** The verb that forgets the key. */
@Command(
    name = "logout",
    mixinStandardHelpOptions = true,
    description = "Remove the key that login stored.")
final class LogoutVerb extends CliCommand {
  LogoutVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    Path file = Login.file(cli.environment);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new CliException.Failed("cannot remove " + file, e);
    }
    return ExitCode.OK;
  }
}
