package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.PortTunnel;
import dev.caisson.cli.client.SandboxNames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The verb that opens ports here that lead into a sandbox. */
@Command(
    name = "forward",
    mixinStandardHelpOptions = true,
    description = "Listen here, and carry each connection to a port of a sandbox, until Ctrl-C.",
    footer = {
      "",
      "engine in place of a port is the sandbox's Docker daemon: DOCKER_HOST=tcp://127.0.0.1:2375 is"
          + " then all that any Docker client needs, builds included."
    })
final class ForwardVerb extends CliCommand {
  private static final int BACKLOG = 128;
  private static final String ENGINE = "engine";

  /** The port that Docker uses without TLS. */
  private static final int ENGINE_PORT = 2375;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      description =
          "Where to listen; whoever reaches it needs no key. 127.0.0.1, if nothing is said.")
  private String address = "127.0.0.1";

  @Parameters(paramLabel = "SANDBOX", index = "0", description = "Its id or name.")
  private String sandbox = "";

  @Parameters(
      paramLabel = "[HERE:]PORT",
      index = "1..*",
      arity = "1..*",
      description = "5432, or 15432:5432, or 0:5432 for a free one; engine, or 2376:engine.")
  private List<String> ports = new ArrayList<>();

  ForwardVerb(CliContext cli) {
    super(cli);
  }

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "Write a docker context of this name that leads to engine by way of here.")
  private @Nullable String context;

  /**
   * A port to listen at here, and its target.
   *
   * @param there a port, or the word for the daemon
   */
  private record Pair(int here, String there) {
    static Pair parse(String word) {
      int colon = word.indexOf(':');
      String there = word.substring(colon + 1);
      int usual = there.equals(ENGINE) ? ENGINE_PORT : Arguments.port(there);
      return new Pair(colon < 0 ? usual : Arguments.port(word.substring(0, colon)), there);
    }

    boolean isEngine() {
      return there.equals(ENGINE);
    }

    String path(String sandbox) {
      return "/v1/sandboxes/" + sandbox + (isEngine() ? "/docker/tunnel" : "/tunnels/" + there);
    }
  }

  @Override
  public Integer call() {
    List<Pair> pairs = ports.stream().map(Pair::parse).toList();
    String id = SandboxNames.id(service(), sandbox);
    JsonNode found = service().get("/v1/sandboxes/" + id).body();
    if (!Json.text(found, "state").equals("READY")) {
      throw new CliException.Failed("sandbox " + id + " is " + Json.text(found, "state"));
    }
    List<Thread> threads = new ArrayList<>();
    try {
      for (Pair pair : pairs) {
        ServerSocket listener =
            new ServerSocket(pair.here(), BACKLOG, InetAddress.getByName(address));
        String path = pair.path(id);
        if (pair.isEngine()) {
          writeContext(id, listener.getLocalPort());
        }
        threads.add(
            Thread.ofVirtual().name("forward-" + pair.there()).start(() -> listen(listener, path)));
        cli.print(
            cli.json()
                ? json(id, pair, listener.getLocalPort())
                : address + ":" + listener.getLocalPort() + " -> " + id + ":" + pair.there());
      }
      cli.out.flush();
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (IOException e) {
      throw new CliException.Failed("cannot listen at " + address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  private void listen(ServerSocket listener, String path) {
    try (listener) {
      while (true) {
        Socket client = listener.accept();
        Thread.ofVirtual().name("tunnel").start(() -> carry(path, client));
      }
    } catch (IOException e) {
      cli.say("no longer listening: " + e.getMessage());
    }
  }

  private String json(String id, Pair pair, int listens) {
    ObjectNode line =
        Json.object().put("address", address).put("listen", listens).put("sandbox", id);
    return (pair.isEngine()
            ? line.put("engine", true)
            : line.put("port", Integer.parseInt(pair.there())))
        .toString();
  }

  private void writeContext(String id, int port) {
    if (context != null) {
      DockerContext.of(context, cli.environment)
          .write("tcp://" + address + ":" + port, "Caisson sandbox " + id, Map.of());
    }
  }

  private void carry(String path, Socket client) {
    try (client) {
      PortTunnel.carry(service(), path, client);
    } catch (CliException e) {
      cli.complain(e);
    } catch (IOException e) {
      cli.say("a connection broke: " + e.getMessage());
    }
  }
}
