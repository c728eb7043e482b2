package dev.caisson.supervisor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.SupervisorProcess;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What listens, as the kernel's lists say it; and through a supervisor. */
@Timeout(60)
class ListenersTest {

  @Test
  void theKernelsListsAreReadInWhateverFormTheirAddressesAre(@TempDir Path directory)
      throws Exception {
    Path four = directory.resolve("tcp");
    Files.write(
        four,
        List.of(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 x",
            "   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1 x",
            "   2: 0100007F:1F90 0100007F:ABCD 01 00000000:00000000 00:00000000 00000000     0        0 4713 1 x"));
    assertThat(SocketTable.read(four, "tcp", 10))
        .containsExactly(
            new SocketTable.Entry("tcp", "127.0.0.1", 8080, 4711),
            new SocketTable.Entry("tcp", "0.0.0.0", 80, 4712));
    assertThat(SocketTable.read(four, "tcp", 1)).hasSize(1);
    Path six = directory.resolve("tcp6");
    Files.write(
        six,
        List.of(
            "head",
            "   0: 00000000000000000000000000000000:0016 0:0 0A 0:0 00:0 0 0 0 1 1 x",
            "   1: 00000000000000000000000001000000:0017 0:0 0A 0:0 00:0 0 0 0 2 1 x",
            "   2: B80D0120000000000000000001000000:0018 0:0 0A 0:0 00:0 0 0 0 3 1 x"));
    assertThat(SocketTable.read(six, "tcp", 10))
        .extracting(SocketTable.Entry::address)
        .containsExactly("::", "::1", "2001:db8:0:0:0:0:0:1");
    assertThat(SocketTable.read(directory.resolve("none"), "udp", 10)).isEmpty();
  }

  @Test
  void whoListensIsNamedWhereItDescendsFromAStart() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured();
        ServerSocket bystander = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        DatagramSocket datagrams =
            new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
      // Not the process that was started, but what it left behind in another session.
      ProcessInfo started =
          supervisor.begin(
              "sh",
              "-c",
              "setsid perl -MIO::Socket::INET -e '"
                  + "$s = IO::Socket::INET->new(LocalAddr => \"127.0.0.1\", Listen => 1) or die;"
                  + " $| = 1; print $s->sockport, \"\\n\"; sleep 1 while 1' & wait");
      SupervisorProcess.until("its port", () -> supervisor.output(started.pid()).endsWith("\n"));
      int port = Integer.parseInt(supervisor.output(started.pid()).strip());
      Answer.Listener found = listener(supervisor, port);
      assertThat(found.protocol()).isEqualTo("tcp");
      assertThat(found.address()).isEqualTo("127.0.0.1");
      assertThat(found.command()).isEqualTo("perl");
      assertThat(found.process()).isEqualTo(started.pid());
      assertThat(found.pid()).isNotEqualTo(started.pid());

      assertThat(listener(supervisor, bystander.getLocalPort()).process())
          .as("not the supervisor's to name")
          .isZero();
      assertThat(listener(supervisor, datagrams.getLocalPort()).protocol()).isEqualTo("udp");
      Message _ = supervisor.ask(new Request.End(started.pid(), 0, true));
    }
  }

  private static Answer.Listener listener(SupervisorProcess supervisor, int port)
      throws IOException {
    return ((Answer.Listeners) supervisor.ask(new Request.ListListeners()))
        .listeners().stream().filter(each -> each.port() == port).findFirst().orElseThrow();
  }
}
