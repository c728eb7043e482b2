package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Login;
import dev.caisson.cli.client.Service;
import dev.caisson.cli.client.Settings;
import dev.caisson.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** The verb that stores a key, which every later command finds again. */
@Command(
    name = "login",
    mixinStandardHelpOptions = true,
    description = "Read a key, try it, and store it with the address of the service.",
    footer = {"", "The key is read, never an argument: caisson login <admin.key"})
final class LoginVerb extends CliCommand {
  LoginVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    if (cli.terminal.input()) {
      cli.err.print("Key (not shown): ");
      cli.err.flush();
    }
    String key = read();
    if (key.isEmpty()) {
      throw new CliException.Usage("standard input has no key");
    }
    Map<String, String> environment = new HashMap<>(cli.environment);
    environment.put(Settings.KEY, key);
    Path file = Login.file(cli.environment);
    Settings settings = Settings.from(cli.url, environment, Login.read(file));
    new Service(settings).get("/v1/sandboxes?limit=1");
    new Login(settings.url().toString(), key).write(file);
    cli.say("stored in " + file + " for " + settings.url());
    return ExitCode.OK;
  }

  private String read() {
    // Raw, so that it is not shown.
    try (Terminal.Raw raw = cli.terminal.input() ? cli.terminal.raw() : null) {
      if (raw == null) {
        String line =
            new BufferedReader(new InputStreamReader(cli.in, StandardCharsets.UTF_8)).readLine();
        return line == null ? "" : line.strip();
      }
      StringBuilder typed = new StringBuilder();
      for (int key = cli.in.read(); key != '\r' && key != '\n'; key = cli.in.read()) {
        switch (key) {
          case -1, 3, 4 -> throw new CliException.Usage("standard input has no key");
          case 8, 127 -> typed.setLength(Math.max(0, typed.length() - 1));
          default -> typed.append((char) key);
        }
      }
      cli.err.print("\r\n");
      return typed.toString().strip();
    } catch (IOException e) {
      throw new CliException.Failed("cannot read the key", e);
    }
  }
}
