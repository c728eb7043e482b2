package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.Login;
import dev.caisson.cli.client.Pause;
import dev.caisson.cli.client.Service;
import dev.caisson.cli.client.Settings;
import dev.caisson.cli.terminal.Terminal;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The context of a command: the surroundings in which the program was started, and the service. */
final class CliContext {
  final Map<String, String> environment;
  final InputStream in;
  final PrintStream out;
  final PrintStream err;
  final Terminal terminal;
  final Pause pause;
  Format format = Format.table;
  @Nullable String url;
  private @Nullable Service service;

  CliContext(
      Map<String, String> environment,
      InputStream in,
      PrintStream out,
      PrintStream err,
      Terminal terminal,
      Pause pause) {
    this.environment = environment;
    this.in = in;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.pause = pause;
  }

  Settings settings() {
    return Settings.from(url, environment, Login.read(Login.file(environment)));
  }

  Service service() {
    if (service == null) {
      service = new Service(settings());
    }
    return Objects.requireNonNull(service);
  }

  boolean json() {
    return format == Format.json;
  }

  /** Prints an answer as it is. */
  void print(JsonNode answer) {
    out.print(answer + "\n");
  }

  /** Prints a line for a person. */
  void print(String line) {
    out.print(line + "\n");
  }

  /** Prints a remark beside the answer, to the error stream. */
  void say(String line) {
    err.print("caisson: " + line + "\n");
  }

  /** Prints the reason of a failure; with {@code json} the service's problem as it is. */
  void complain(CliException e) {
    if (json() && e instanceof CliException.Refused refused && refused.problem.body().isObject()) {
      err.print(refused.problem.body() + "\n");
    } else {
      say(String.valueOf(e.getMessage()));
    }
  }
}
