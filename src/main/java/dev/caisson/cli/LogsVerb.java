package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.Events;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.ProcessNumbers;
import dev.caisson.cli.client.Retries;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The verb that shows what a process wrote, and writes. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "What a process wrote, to the stream it was written to; also after its end.")
final class LogsVerb extends CliCommand {
  private static final String DAEMONS = "dockerd|containerd";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until it ends, also over a restart of the service.")
  private boolean follow;

  @Option(
      names = {"-t", "--timestamps"},
      description = "Say before each piece when it was written.")
  private boolean timestamps;

  @Parameters(paramLabel = "SANDBOX", index = "0", description = "Its id or name.")
  private String sandbox = "";

  @Parameters(
      paramLabel = "PROCESS",
      index = "1",
      description = "Its pid or name; dockerd or containerd: the sandbox's own.")
  private String process = "";

  LogsVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    String path = at(sandbox);
    String query =
        process.matches(DAEMONS)
            ? path + "/docker/log?unit=" + process + "&follow=" + follow
            : ProcessNumbers.path(service(), path, process)
                + "/output?base64=true&follow="
                + follow;
    Retries retries = new Retries(cli.pause);
    String lastId = "";
    boolean begun = false;
    while (true) {
      Events events = null;
      try {
        events =
            new Events(
                lastId.isEmpty()
                    ? service().open(query)
                    : service().open(query, "Last-Event-ID", lastId),
                lastId);
        begun = true;
        if (shown(events, retries)) {
          return ExitCode.OK;
        }
      } catch (CliException.NotReached e) {
        if (!begun) {
          throw e;
        }
      } catch (CliException.Refused e) {
        if (!begun || !e.problem.passing()) {
          throw e;
        }
      } catch (IOException e) {
        // Broken off in the middle: whole events were shown, the rest comes again.
      } finally {
        lastId = events == null ? lastId : events.lastId();
        close(events);
      }
      if (!retries.again()) {
        throw new CliException.Failed("the connection is lost; the output is kept");
      }
    }
  }

  /** Shows events; returns whether that was all, or the output is closed. */
  private boolean shown(Events events, Retries retries) throws IOException {
    for (var event = events.next(); event != null; event = events.next()) {
      retries.reached();
      switch (event.name()) {
        case "output" -> show(event.data());
        case "gap" -> cli.say("output is missing here: more was written than is kept");
        case "exit", "end" -> {
          return true;
        }
        default -> {
          // An event of a later service.
        }
      }
      if (cli.out.checkError()) {
        return true;
      }
    }
    return false;
  }

  private void show(JsonNode piece) {
    if (cli.json()) {
      cli.print(piece);
      cli.out.flush();
      return;
    }
    PrintStream to = Json.text(piece, "stream").equals("stderr") ? cli.err : cli.out;
    String exact = Json.text(piece, "base64");
    byte[] bytes =
        exact.isEmpty()
            ? Json.text(piece, "data").getBytes(StandardCharsets.UTF_8)
            : Base64.getDecoder().decode(exact);
    if (timestamps) {
      to.print(Json.text(piece, "at") + " ");
    }
    to.write(bytes, 0, bytes.length);
    to.flush();
  }

  private static void close(@Nullable Events events) {
    if (events != null) {
      try {
        events.close();
      } catch (IOException e) {
        // The stream is left behind, broken or not.
      }
    }
  }
}
