package dev.caisson.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ports.Echo;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The parts of the nest by themselves, with real sockets, processes and files, under sanitizers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class NestIT {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  /** As Docker writes it, without what does not matter here. */
  private static final String CONFIG =
      "{\"ociVersion\":\"1.0.2\",\"mounts\":[{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\","
          + "\"options\":[\"nosuid\",\"noexec\",\"nodev\"]},{\"destination\":\"/sys\",\"type\":\"sysfs\","
          + "\"source\":\"sysfs\",\"options\":[\"nosuid\",\"noexec\",\"nodev\",\"ro\"]}],\"linux\":{\"sysctl\":"
          + "{\"net.ipv4.ip_unprivileged_port_start\":\"0\"},\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"pid\"}]}}";

  private Path home;
  private NestProgram nest;

  @BeforeAll
  void build(@TempDir Path directory) {
    home = directory;
    nest = NestProgram.build(directory);
  }

  @Test
  void aSilentPeersDescriptorIsClosedOnceAndTheNextPeersIsNot() throws Exception {
    try (DatagramSocket container = new DatagramSocket(0, HERE);
        Echo echo = new Echo(container)) {
      NestProgram.Relay relay =
          nest.relay(
              home.resolve("udp.said"), "udp", Integer.toString(container.getLocalPort()), "1");
      long idle = relay.descriptors();
      for (int round = 0; round < 4; round++) {
        try (DatagramSocket first = new DatagramSocket();
            DatagramSocket second = new DatagramSocket()) {
          for (DatagramSocket peer : List.of(first, second, first)) {
            assertThat(asked(peer, relay.port(), "round " + round)).isEqualTo("round " + round);
          }
          assertThat(relay.descriptors()).isEqualTo(idle + 2);
        }
        long before = relay.ticks();
        Eventually.holds(relay::descriptors, now -> now == idle);
        assertThat(relay.ticks() - before).as("ticks while nothing came").isLessThan(20);
      }
      assertThat(relay.end()).isEmpty();
      assertThat(echo.heard()).isEqualTo(12);
    }
  }

  @Test
  void peersBeyondTheMostTakeThePlacesOfTheLongestSilent() throws Exception {
    try (DatagramSocket container = new DatagramSocket(0, HERE);
        Echo echo = new Echo(container)) {
      NestProgram.Relay relay =
          nest.relay(home.resolve("many.said"), "udp", Integer.toString(container.getLocalPort()));
      List<DatagramSocket> peers = new ArrayList<>();
      try {
        long idle = relay.descriptors();
        for (int i = 0; i < 600; i++) {
          DatagramSocket peer = new DatagramSocket();
          peers.add(peer);
          assertThat(asked(peer, relay.port(), "peer " + i)).isEqualTo("peer " + i);
        }
        assertThat(relay.descriptors()).isEqualTo(idle + 256);
        // One that has lost its place gets another.
        assertThat(asked(peers.getFirst(), relay.port(), "again")).isEqualTo("again");
      } finally {
        peers.forEach(DatagramSocket::close);
      }
      assertThat(relay.end()).isEmpty();
      assertThat(echo.heard()).isEqualTo(601);
    }
  }

  @Test
  void connectionsCarryAllBytesBothWaysAndLeaveNothing() throws Exception {
    try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
        ServerSocket container = new ServerSocket(0, 50, HERE)) {
      tasks.execute(() -> echoes(container, tasks));
      NestProgram.Relay relay =
          nest.relay(home.resolve("tcp.said"), "tcp", Integer.toString(container.getLocalPort()));
      long idle = relay.descriptors();
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        int seed = i;
        all.add(tasks.submit(() -> isEchoed(relay.port(), seed)));
      }
      for (Future<Boolean> one : all) {
        assertThat(one.get(1, TimeUnit.MINUTES)).isTrue();
      }
      // Some go without a word, by a reset.
      for (int i = 0; i < 20; i++) {
        try (Socket rude = new Socket(HERE, relay.port())) {
          rude.setSoLinger(true, 0);
          rude.getOutputStream().write(new byte[100_000]);
        }
      }
      Eventually.holds(relay::descriptors, now -> now == idle);
      assertThat(relay.end()).isEmpty();
    }
  }

  @Test
  void aRelayWithoutDescriptorsWaitsAndDoesNotSpin() throws Exception {
    try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
        ServerSocket container = new ServerSocket(0, 50, HERE)) {
      tasks.execute(() -> echoes(container, tasks));
      NestProgram.Relay relay =
          nest.relay(home.resolve("full.said"), "tcp", Integer.toString(container.getLocalPort()));
      Machine.run("prlimit", "--pid", Long.toString(relay.process().pid()), "--nofile=11");
      List<Socket> held = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        held.add(new Socket(HERE, relay.port()));
      }
      long before = relay.ticks();
      // A second in which they wait to be accepted, told by the relay's own clock: none is served.
      held.getLast().setSoTimeout(1000);
      held.getLast().getOutputStream().write('x');
      assertThat(answered(held.getLast())).isEqualTo(-1);
      assertThat(relay.ticks() - before).isLessThan(20);
      for (Socket socket : held.subList(0, 11)) {
        socket.close();
      }
      held.getLast().setSoTimeout(20_000);
      assertThat(answered(held.getLast())).isEqualTo('x');
      held.getLast().close();
      assertThat(relay.end()).isEmpty();
    }
  }

  @Test
  void aRecordedProcessIsNotTakenForAnotherOfItsNumber() throws Exception {
    Path file = home.resolve("record");
    Process process = new ProcessBuilder("sleep", "1000").start();
    String pid = Long.toString(process.pid());
    try {
      assertThat(nest.run("record", file.toString(), pid).code()).isZero();
      String[] words = Files.readString(file).strip().split(" ", -1);
      assertThat(words[0]).isEqualTo(pid);
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      assertThat(words[1]).isEqualTo(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
      assertThat(nest.run("recorded", file.toString()).output()).isEqualTo(pid);
      // The number lives, and is another's: as if it had started later, or was recorded without a
      // time.
      Files.writeString(file, pid + " " + (Long.parseLong(words[1]) - 1) + "\n");
      assertThat(nest.run("recorded", file.toString()).output()).isEqualTo("0");
      Files.writeString(file, pid + "\n");
      assertThat(nest.run("recorded", file.toString()).output()).isEqualTo("0");
      Files.writeString(file, String.join(" ", words) + "\n");
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(nest.run("recorded", file.toString()).output()).isEqualTo("0");
  }

  @Test
  void aConfigurationIsMadeFitForTheNest() throws IOException {
    String fit = fitted(CONFIG);
    assertThat(fit)
        .contains("\"type\":\"proc\",\"source\":\"proc\",\"options\":[\"ro\",\"nosuid\"")
        .contains("\"type\":\"none\",\"source\":\"/sys\",\"options\":[\"rbind\",\"ro\",")
        .contains("\"sysctl\":{}");
    // Who shares the sandbox's processes, and who brings a proc or sys of his own.
    assertThat(fitted(CONFIG.replace(",{\"type\":\"pid\"}", "")))
        .contains("\"type\":\"none\",\"source\":\"/proc\",\"options\":[\"rbind\",");
    String own =
        CONFIG
            .replace("\"type\":\"proc\",\"source\":\"proc\"", "\"type\":\"bind\",\"source\":\"/x\"")
            .replace(
                "\"type\":\"sysfs\",\"source\":\"sysfs\"", "\"type\":\"bind\",\"source\":\"/y\"");
    assertThat(fitted(own)).isEqualTo(own.replaceFirst("\"net[^}]*", ""));
  }

  @Test
  void aConfigurationOfAFormThatIsNotKnownIsRefusedWithWhatWasNotFound() throws IOException {
    for (String wrong :
        List.of(
            CONFIG.replace("\"type\":\"proc\",\"source\":\"proc\"", "\"type\":\"proc\""),
            CONFIG.replace("\"/proc\",\"type\"", "\"/proc\", \"type\""),
            CONFIG.replace("\"/proc\"", "\"/proc/\""))) {
      assertThat(refused(wrong)).contains("the mount of /proc has no form that is known");
    }
    assertThat(refused(CONFIG.replace("\"source\":\"sysfs\"", "\"source\":\"sys\"")))
        .contains("the mount of /sys has no form that is known");
    assertThat(refused(CONFIG.replace("\"namespaces\":[", "\"namespaces\": [")))
        .contains("the list of namespaces has no form that is known");
    Files.deleteIfExists(home.resolve("config.json"));
    assertThat(nest.run("runc", "create", "--bundle", home.toString(), "id").output())
        .contains("config.json: No such file");
  }

  @Test
  void aConfigurationGivesWhatTheSandboxHasAndNoMore() throws IOException {
    String asked =
        """
        {"ociVersion":"1.2.1","process":{"args":["{\\"path\\":\\"/dev/x\\"]}"]},"hostname":"h","mounts":[\
        {"destination":"/sys","type":"sysfs","source":"sysfs","options":["nosuid","noexec","nodev"]}],\
        "linux":{"sysctl":{"kernel.domainname":"example.org","net.core.somaxconn":"5"},"resources":{"devices":[\
        {"allow":false,"access":"rwm"},{"allow":true,"access":"rwm"}]},"devices":[\
        {"path":"/dev/null","type":"c","major":1,"minor":3,"fileMode":438,"uid":0,"gid":0},\
        {"path":"/dev/other","type":"c","major":1,"minor":3,"fileMode":438,"uid":0,"gid":0},\
        {"path":"/dev/none","type":"c","major":511,"minor":7,"fileMode":438,"uid":0,"gid":0}]}}\
        """;
    String given =
        """
        {"ociVersion":"1.2.1","process":{"args":["{\\"path\\":\\"/dev/x\\"]}"]},"domainname":"example.org","hostname":"h","mounts":[\
        {"destination":"/sys","type":"sysfs","source":"sysfs","options":["ro","nosuid","noexec","nodev"]},\
        {"destination":"/dev/other","type":"bind","source":"/dev/null","options":["bind","rprivate"]}],\
        "linux":{"sysctl":{"net.core.somaxconn":"5"},"resources":{"devices":[\
        {"allow":false,"access":"rwm"},\
        {"allow":true,"type":"c","major":511,"minor":7,"access":"rwm"},\
        {"allow":true,"type":"c","major":1,"minor":3,"access":"rwm"},\
        {"allow":true,"type":"c","major":1,"minor":3,"access":"rwm"}]},"devices":[\
        {"path":"/dev/null","type":"c","major":1,"minor":3,"fileMode":438,"uid":0,"gid":0},\
        {"path":"/dev/none","type":"c","major":511,"minor":7,"fileMode":438,"uid":0,"gid":0}]}}\
        """;

    assertThat(fitted(asked, "runc-outside")).isEqualTo(given);
    assertThat(fitted(given, "runc-outside")).isEqualTo(given);
    // Cut off anywhere, it is refused by runc, and never read beyond its end.
    for (int i = 0; i < asked.length(); i += 7) {
      fitted(asked.substring(0, i), "runc-outside");
    }
  }

  private String fitted(String config) throws IOException {
    return fitted(config, "runc");
  }

  /**
   * What runc was given; a program in its place stands in for it, since a real one would create.
   */
  private String fitted(String config, String front) throws IOException {
    Path runc = home.resolve("runc");
    Files.deleteIfExists(runc);
    Files.createFile(
        runc, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(runc, "#!/bin/sh\necho \"$@\"\n");
    Files.writeString(home.resolve("config.json"), config);
    Machine.Outcome outcome = nest.run(front, "create", "--bundle", home.toString(), "id");
    assertThat(outcome.output()).isEqualTo("create --no-new-keyring --bundle " + home + " id");
    return Files.readString(home.resolve("config.json"));
  }

  private String refused(String config) throws IOException {
    Path log = home.resolve("log.json");
    Files.deleteIfExists(log);
    Files.writeString(home.resolve("config.json"), config);
    Machine.Outcome outcome =
        nest.run("runc", "--log", log.toString(), "create", "-b", home.toString(), "id");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(Files.readString(home.resolve("config.json"))).isEqualTo(config);
    assertThat(Files.readString(log)).startsWith("{\"level\":\"error\",\"msg\":\"nest: ");
    assertThat(outcome.output()).contains(home + "/config.json");
    return Files.readString(log);
  }

  private static String asked(DatagramSocket peer, int port, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    peer.setSoTimeout(10_000);
    peer.send(new DatagramPacket(bytes, bytes.length, HERE, port));
    DatagramPacket answer = new DatagramPacket(new byte[1000], 1000);
    peer.receive(answer);
    return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
  }

  private static int answered(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketTimeoutException e) {
      return -1;
    }
  }

  /** Until the socket is closed. */
  private static void echoes(ServerSocket server, ExecutorService tasks) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        tasks.execute(() -> echo(socket));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // The other end has gone.
    }
  }

  private static boolean isEchoed(int port, int seed) throws IOException, InterruptedException {
    byte[] bytes = new byte[300_000 + seed];
    new Random(seed).nextBytes(bytes);
    try (Socket socket = new Socket(HERE, port)) {
      InputStream answers = socket.getInputStream();
      Thread writer =
          Thread.startVirtualThread(() -> {
            try {
              socket.getOutputStream().write(bytes);
              socket.shutdownOutput();
            } catch (IOException e) {
              // Its reader sees fewer bytes.
            }
          });
      byte[] got = answers.readAllBytes();
      writer.join();
      return Arrays.equals(got, bytes);
    }
  }
}
