package dev.caisson.it.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Packets that root in a sandbox sends under somebody else's address. An outsider, in a network
 * namespace of the test's own, talks with the host; the sandbox tries to join in.
 */
@ExtendWith(SharedService.class)
class ForgedAddressesIT {
  private static final String HOST = "198.51.100.1";
  private static final String OUTSIDER = "198.51.100.2";
  private static final int OUTSIDERS_PORT = 4444;

  /** Sends one UDP packet under any address: SOURCE PORT DESTINATION PORT TEXT. */
  private static final String FORGE =
      """
      use Socket;
      my ($from, $fp, $to, $tp, $text) = @ARGV;
      socket(my $s, AF_INET, SOCK_RAW, 255) or die "socket: $!";
      my $udp = pack('nnnn', $fp, $tp, 8 + length $text, 0) . $text;
      my $ip = pack('CCnnnCCna4a4', 0x45, 0, 20 + length $udp, 0, 0, 64, 17, 0,
        inet_aton($from), inet_aton($to));
      send($s, $ip . $udp, 0, sockaddr_in($tp, inet_aton($to))) or die "send: $!";
      print "sent\\n";
      """;

  /** Sends each line that it is told from a port of its own, and says when it is answered. */
  private static String speak(int port) {
    return """
    use IO::Socket::INET;
    my $s = IO::Socket::INET->new(Proto => 'udp', LocalPort => %d, PeerAddr => '%s', PeerPort => %d) or die $!;
    $| = 1;
    while (my $line = <STDIN>) { $s->send($line); my $answer; $s->recv($answer, 100); print "heard\\n"; }
    """
        .formatted(OUTSIDERS_PORT, HOST, port);
  }

  private final String namespace = "caisson-outsider-" + ProcessHandle.current().pid();
  private final String link = "co" + ProcessHandle.current().pid() % 1_000_000;

  @BeforeEach
  void makeOutsider() {
    Machine.run("ip", "netns", "add", namespace);
    Machine.run(
        "ip", "link", "add", link, "type", "veth", "peer", "name", "out0", "netns", namespace);
    Machine.run("ip", "address", "add", HOST + "/30", "dev", link);
    Machine.run("ip", "link", "set", link, "up");
    inside("ip", "address", "add", OUTSIDER + "/30", "dev", "out0");
    inside("ip", "link", "set", "out0", "up");
  }

  @AfterEach
  void removeOutsider() {
    Machine.attempt("ip", "link", "delete", link);
    Machine.attempt("ip", "netns", "delete", namespace);
  }

  private void inside(String... command) {
    String[] whole = new String[command.length + 4];
    System.arraycopy(new String[] {"ip", "netns", "exec", namespace}, 0, whole, 0, 4);
    System.arraycopy(command, 0, whole, 4, command.length);
    Machine.run(whole);
  }

  @Test
  void nobodyJoinsAConversationUnderAnOutsidersAddress(Api api, ServiceProcess service)
      throws IOException {
    String sandbox = api.dockerSandbox(Machine.DEBIAN);
    try (DatagramSocket host = new DatagramSocket(0, InetAddress.getByName(HOST))) {
      host.setSoTimeout(10_000);
      Process outsider =
          new ProcessBuilder(
                  "ip", "netns", "exec", namespace, "perl", "-e", speak(host.getLocalPort()))
              .start();
      try {
        // Both ways, so that the kernel takes it for a connection.
        assertThat(exchange(outsider, host, "hello")).isEqualTo("hello");
        long before = dropped(service);
        for (int i = 0; i < 5; i++) {
          forge(api, sandbox, OUTSIDER, OUTSIDERS_PORT, HOST, host.getLocalPort());
        }
        // A packet between a bridge and the host is delivered before its sender goes on.
        assertThat(exchange(outsider, host, "honest")).isEqualTo("honest");
        assertThat(dropped(service) - before).as("it was the wall that dropped them").isEqualTo(5);
      } finally {
        outsider.destroyForcibly();
      }
    } finally {
      api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
    }
  }

  @Test
  void noSandboxSendsUnderAnothersAddress(Api api, ServiceProcess service) {
    String victim = api.sandbox(Map.of("image", Machine.STATIC));
    String sandbox = api.dockerSandbox(Machine.DEBIAN);
    String registry = Machine.registryMirror().replaceFirst("http://", "");
    String address = registry.substring(0, registry.indexOf(':'));
    int port = Integer.parseInt(registry.substring(registry.indexOf(':') + 1));
    long before = dropped(service);
    // What is open to all sandboxes is not open under the address of another.
    forge(api, sandbox, Machine.address(victim), 1234, address, port);
    assertThat(dropped(service) - before).isEqualTo(1);
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
    api.delete("/v1/sandboxes/" + victim + "?grace=PT0S").expecting(200);
  }

  private static String exchange(Process outsider, DatagramSocket host, String text)
      throws IOException {
    outsider.getOutputStream().write((text + "\n").getBytes(StandardCharsets.US_ASCII));
    outsider.getOutputStream().flush();
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    host.receive(packet);
    host.send(new DatagramPacket(new byte[] {1}, 1, packet.getSocketAddress()));
    // Until it has heard, the connection has one way only.
    assertThat(outsider.getInputStream().readNBytes(6)).hasSize(6);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII).strip();
  }

  private static void forge(
      Api api, String sandbox, String from, int fromPort, String to, int toPort) {
    JsonNode sent =
        api.exec(
            sandbox,
            "perl",
            "-e",
            FORGE,
            from,
            Integer.toString(fromPort),
            to,
            Integer.toString(toPort),
            "forged");
    assertThat(Api.text(sent, "stdout")).as(sent.toString()).isEqualTo("sent\n");
  }

  /** How many packets the rules against forged addresses have dropped. */
  private static long dropped(ServiceProcess service) {
    String chain = "CAISSON-" + service.instance().replaceAll("[^A-Za-z0-9]", "").substring(0, 6);
    Matcher rule =
        Pattern.compile(
                "^\\[(\\d+):\\d+\\] -A " + chain + " (! -s \\S+|-m rpfilter --invert) -j DROP$",
                Pattern.MULTILINE)
            .matcher(Machine.run("iptables-save", "-c", "-t", "mangle"));
    long packets = 0;
    int rules = 0;
    while (rule.find()) {
      packets += Long.parseLong(rule.group(1));
      rules++;
    }
    assertThat(rules).isEqualTo(2);
    return packets;
  }
}
