package dev.caisson.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Ports here that lead into a sandbox. */
@Command(
    name = "forward",
    mixinStandardHelpOptions = true,
    description = "Listen here, and carry each connection to a port of a sandbox, until Ctrl-C.")
final class ForwardVerb extends Verb {
  private static final int BACKLOG = 128;

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
      description = "5432, or 15432:5432, or 0:5432 for a free one.")
  private List<String> ports = new ArrayList<>();

  ForwardVerb(Desk desk) {
    super(desk);
  }

  private record Pair(int here, int there) {
    static Pair parse(String word) {
      int colon = word.indexOf(':');
      int there = Words.port(word.substring(colon + 1));
      return new Pair(colon < 0 ? there : Words.port(word.substring(0, colon)), there);
    }
  }

  @Override
  public Integer call() {
    List<Pair> pairs = ports.stream().map(Pair::parse).toList();
    String id = Sandboxes.id(service(), sandbox);
    JsonNode found = service().get("/v1/sandboxes/" + id).body();
    if (!Json.text(found, "state").equals("READY")) {
      throw new CliException.Failed("sandbox " + id + " is " + Json.text(found, "state"));
    }
    List<Thread> threads = new ArrayList<>();
    try {
      for (Pair pair : pairs) {
        ServerSocket listener =
            new ServerSocket(pair.here(), BACKLOG, InetAddress.getByName(address));
        String path = "/v1/sandboxes/" + id + "/tunnels/" + pair.there();
        threads.add(
            Thread.ofVirtual().name("forward-" + pair.there()).start(() -> listen(listener, path)));
        desk.print(
            desk.json()
                ? Json.object()
                    .put("address", address)
                    .put("listen", listener.getLocalPort())
                    .put("sandbox", id)
                    .put("port", pair.there())
                    .toString()
                : address + ":" + listener.getLocalPort() + " -> " + id + ":" + pair.there());
      }
      desk.out.flush();
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
      desk.say("no longer listening: " + e.getMessage());
    }
  }

  private void carry(String path, Socket client) {
    try (client) {
      Tunnel.carry(service(), path, client);
    } catch (CliException e) {
      desk.complain(e);
    } catch (IOException e) {
      desk.say("a connection broke: " + e.getMessage());
    }
  }
}
