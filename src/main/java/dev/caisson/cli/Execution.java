package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.terminal.Input;
import dev.caisson.cli.terminal.Terminal;
import dev.caisson.cli.terminal.TerminalAttachment;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A command in a sandbox with this program's own streams, terminal and signals. */
final class Execution {
  private static final int PIECE = 32 << 10;

  private final CliContext cli;

  Execution(CliContext cli) {
    this.cli = cli;
  }

  /**
   * Runs a command to its end.
   *
   * @param start what to start, as the service is asked for it
   * @return the exit code
   */
  int run(String sandbox, ObjectNode start, boolean interactive, boolean tty) {
    if (interactive && tty && !cli.terminal.input()) {
      throw new CliException.Usage("standard input is not a terminal: leave out -t");
    }
    start.put("background", true);
    if (tty) {
      Terminal.Size size = cli.terminal.size();
      start.putObject("tty").put("rows", size.rows()).put("cols", size.cols());
    } else if (interactive) {
      start.put("stdinOpen", true);
    }
    JsonNode process = cli.service().post(sandbox + "/processes", start).body();
    String path = sandbox + "/processes/" + Json.word(process, "pid");
    return attach(path, interactive, tty, false, true);
  }

  /**
   * Follows a process that runs, to its end.
   *
   * @param own whether signals to this program are meant for the process
   */
  int attach(String path, boolean interactive, boolean tty, boolean takeOver, boolean own) {
    Input input = interactive ? new Input() : null;
    TerminalAttachment attachment =
        new TerminalAttachment(
            cli.service(), cli.out, cli.err, cli.pause, path, input, interactive || tty);
    JsonNode ended = followed(attachment, own ? path : null, input, tty, takeOver);
    cli.out.flush();
    String remark = ExitCode.remark(ended);
    if (remark != null) {
      cli.say(remark);
    }
    return ExitCode.of(ended);
  }

  private JsonNode followed(
      TerminalAttachment attachment,
      @Nullable String own,
      @Nullable Input input,
      boolean tty,
      boolean takeOver) {
    try (Terminal.Raw raw = tty && input != null ? cli.terminal.raw() : null) {
      if (tty) {
        attachment.whenOpen(() -> attachment.resize(cli.terminal.size()));
        cli.terminal.on("WINCH", () -> attachment.resize(cli.terminal.size()));
      }
      if (raw == null && own != null) {
        passOn("INT", own);
        passOn("TERM", own);
      }
      if (input != null) {
        read(input);
      }
      return attachment.follow(takeOver);
    }
  }

  /**
   * Passes the first signal on to the process; a second one, as an impatient user sends it, ends
   * this program.
   */
  private void passOn(String signal, String path) {
    AtomicBoolean before = new AtomicBoolean();
    cli.terminal.on(
        signal,
        () -> {
          if (before.getAndSet(true)) {
            System.exit(ExitCode.INTERRUPTED);
          }
          try {
            cli.service().post(path + "/signal", Json.object().put("signal", signal));
          } catch (CliException e) {
            cli.complain(e);
          }
        });
  }

  /**
   * Reads the input in a daemon thread, which is never awaited: a read of a terminal cannot be
   * ended from outside.
   */
  private void read(Input input) {
    Thread.ofPlatform().daemon().name("stdin").start(() -> copy(input));
  }

  private void copy(Input input) {
    byte[] piece = new byte[PIECE];
    try {
      for (int count = cli.in.read(piece); count >= 0; count = cli.in.read(piece)) {
        input.give(Arrays.copyOf(piece, count));
      }
    } catch (IOException e) {
      cli.say("cannot read the input: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    input.end();
  }

  /** Creates a start of this command line. */
  static ObjectNode start(@Nullable Iterable<String> command) {
    ObjectNode start = Json.object();
    if (command != null) {
      var words = start.putArray("command");
      command.forEach(words::add);
    }
    return start;
  }
}
