package dev.caisson.cli;

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
  LoginVerb(CliContext desk) {
    super(desk);
  }

  @Override
  public Integer call() {
    if (desk.terminal.input()) {
      desk.err.print("Key (not shown): ");
      desk.err.flush();
    }
    String key = read();
    if (key.isEmpty()) {
      throw new CliException.Usage("no key was read");
    }
    Map<String, String> environment = new HashMap<>(desk.environment);
    environment.put(Settings.KEY, key);
    Path file = Login.file(desk.environment);
    Settings settings = Settings.from(desk.url, environment, Login.read(file));
    new Service(settings).get("/v1/sandboxes?limit=1");
    new Login(settings.url().toString(), key).write(file);
    desk.say("stored in " + file + " for " + settings.url());
    return ExitCode.OK;
  }

  private String read() {
    // Raw, so that it is not shown.
    try (Terminal.Raw raw = desk.terminal.input() ? desk.terminal.raw() : null) {
      if (raw == null) {
        String line =
            new BufferedReader(new InputStreamReader(desk.in, StandardCharsets.UTF_8)).readLine();
        return line == null ? "" : line.strip();
      }
      StringBuilder typed = new StringBuilder();
      for (int key = desk.in.read(); key != '\r' && key != '\n'; key = desk.in.read()) {
        switch (key) {
          case -1, 3, 4 -> throw new CliException.Usage("no key was read");
          case 8, 127 -> typed.setLength(Math.max(0, typed.length() - 1));
          default -> typed.append((char) key);
        }
      }
      desk.err.print("\r\n");
      return typed.toString().strip();
    } catch (IOException e) {
      throw new CliException.Failed("cannot read the key", e);
    }
  }
}
