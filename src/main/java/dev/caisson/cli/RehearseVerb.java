package dev.caisson.cli;

import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/**
 * The verb that does what people do, with a stand-in for the service, and shows nothing:
 * kit/service.sh makes the AOT cache of the command line out of this.
 */
@Command(name = "rehearse", hidden = true)
final class RehearseVerb extends CliCommand {
  private static final String ANSWER =
      """
      {"id":"sb-aaaaaaaa","state":"READY","status":"UP","pid":1,"type":"FILE","image":"debian","items":[
      {"id":"sb-aaaaaaaa","pid":1,"state":"READY","createdAt":"2026-11-22T00:00:00Z","command":["true"],
      "docker":{"state":"DISABLED"},"startedAt":"2026-11-22T00:00:00Z","labels":{"a":"b"}}],
      "exit":{"code":0,"cause":"EXITED"},"docker":{"state":"READY"},"token":"t","resources":{"cpus":0.5},"nextCursor":null}
      """;

  private static final List<String> LINES =
      List.of(
          "ls",
          "ls -o json",
          "ps",
          "ps -a sb-aaaaaaaa",
          "inspect sb-aaaaaaaa 1",
          "exec -i -e A=b sb-aaaaaaaa true",
          "logs sb-aaaaaaaa 1",
          "docker sb-aaaaaaaa ps",
          "cp sb-aaaaaaaa:/a -",
          "keys list sb-aaaaaaaa",
          "create --docker -e A=b --label a=b --ttl 10m debian",
          "rm sb-aaaaaaaa",
          "doctor",
          "exec --nothing",
          "help");

  RehearseVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() throws IOException {
    try (ServerSocket stage = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        PrintStream nowhere =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      Thread.ofVirtual().name("stand-in").start(() -> serve(stage));
      Map<String, String> environment =
          Map.of(
              Settings.URL, "http://127.0.0.1:" + stage.getLocalPort(), Settings.KEY, "rehearsed");
      for (String line : LINES) {
        CliContext rehearsed =
            new CliContext(environment, cli.in, nowhere, nowhere, cli.terminal, time -> {});
        Caisson.run(rehearsed, line.split(" ", -1));
      }
    }
    return ExitCode.OK;
  }

  private static void serve(ServerSocket stage) {
    try {
      while (true) {
        Socket client = stage.accept();
        Thread.ofVirtual().start(() -> answer(client));
      }
    } catch (IOException e) {
      // The rehearsal is over.
    }
  }

  private static void answer(Socket client) {
    try (client) {
      BufferedReader request =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
      int length = 0;
      for (String line = request.readLine();
          line != null && !line.isEmpty();
          line = request.readLine()) {
        if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
          length = Integer.parseInt(line.substring(15).strip());
        }
      }
      while (length > 0 && request.read() >= 0) {
        length--;
      }
      byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
      client
          .getOutputStream()
          .write(
              ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                      + body.length
                      + "\r\nDate: Sun, 22 Nov 2026 00:00:00 GMT\r\nConnection: close\r\n\r\n"
                      + ANSWER)
                  .getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Of no matter: the rehearsed command fails as a real one would.
    }
  }
}
