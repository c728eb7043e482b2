package dev.caisson.cli;

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
  LogoutVerb(CliContext desk) {
    super(desk);
  }

  @Override
  public Integer call() {
    Path file = Login.file(desk.environment);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new CliException.Failed("cannot remove " + file, e);
    }
    return ExitCode.OK;
  }
}
