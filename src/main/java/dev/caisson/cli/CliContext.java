package dev.caisson.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a command has at hand: what the program was started with, and the service. */
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

  /** An answer as it is. */
  void print(JsonNode answer) {
    out.print(answer + "\n");
  }

  /** A line for whoever looks. */
  void print(String line) {
    out.print(line + "\n");
  }

  /** A word beside the answer. */
  void say(String line) {
    err.print("caisson: " + line + "\n");
  }

  /** Why it did not work. */
  void complain(CliException e) {
    if (json() && e instanceof CliException.Refused refused && refused.problem.body().isObject()) {
      err.print(refused.problem.body() + "\n");
    } else {
      say(String.valueOf(e.getMessage()));
    }
  }
}
