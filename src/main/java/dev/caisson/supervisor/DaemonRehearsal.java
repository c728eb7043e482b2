package dev.caisson.supervisor;

import dev.caisson.supervisor.daemon.DaemonSupervisor;
import dev.caisson.supervisor.daemon.Units;
import dev.caisson.supervisor.setup.CgroupTrees;
import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.setup.Preparation;
import dev.caisson.supervisor.setup.ProbePause;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A keeper that starts daemons and stops them, below a directory where nothing is real: the
 * programs do nothing, and a socket answers as dockerd would. It trains the AOT cache: without, the
 * first seconds of every daemon are shared with a virtual machine that generates its lambdas.
 */
final class DaemonRehearsal implements AutoCloseable {
  private static final Path SHELL = Path.of("/bin/sh");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String ANSWER =
      "HTTP/1.0 200 OK\r\nServer: Docker/0 (linux)\r\nContent-Length: 2\r\n\r\n[]";

  private final Path root;
  private final DaemonLayout layout;
  private final ServerSocketChannel server;
  private final CountDownLatch ready = new CountDownLatch(1);
  private boolean open;

  private DaemonRehearsal(Path root) throws IOException {
    this.root = root;
    this.layout = new DaemonLayout(root);
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  }

  /** Does nothing where there is no shell to run the programs. */
  static void run(Path root, Units units) throws IOException, InterruptedException {
    if (!Files.isExecutable(SHELL)) {
      return;
    }
    try (DaemonRehearsal rehearsal = new DaemonRehearsal(root)) {
      rehearsal.lay();
      rehearsal.play(units);
    }
  }

  private void lay() throws IOException {
    for (String name : List.of("nest", "dockerd", "containerd")) {
      Path program = layout.program(name);
      Files.createDirectories(program.getParent());
      Files.writeString(program, "#!" + SHELL + "\nexec sleep 60\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.createDirectories(layout.toolkit().resolve("cli-plugins"));
    Files.createDirectories(root.resolve("cgroup/memory"));
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(root.resolve("proc/status"), "CapEff:\tffffffffffffffff\n");
    Files.writeString(
        root.resolve("proc/mountinfo"),
        "1 0 0:1 / / rw shared:1 - ext4 none rw\n2 1 0:2 / %s/cgroup/memory ro - cgroup none rw\n"
            .formatted(root));
  }

  private void play(Units units) throws IOException, InterruptedException {
    Preparation preparation =
        new Preparation(
            layout,
            root.resolve("proc"),
            new CgroupTrees(root.resolve("cgroup"), mount -> 0, ProbePause.SLEEP),
            (directory, place) -> 0);
    DaemonSupervisor keeper =
        DaemonSupervisor.start(
            layout,
            preparation,
            Request.DockerPlan.builder()
                .registryMirrors(List.of("http://mirror"))
                .mtu(1450)
                .bridgeAddress("10.9.0.1/24")
                .addressPool("10.8.0.0/16")
                .build(),
            Map.of(),
            units,
            Clock.systemUTC(),
            this::told,
            this::answer);
    if (!ready.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("the rehearsed daemon is not ready: " + keeper.status().reason());
    }
    keeper.shutdown(PATIENCE);
  }

  private void told(DaemonStatus status) {
    if (status.state() == DaemonStatus.State.READY) {
      ready.countDown();
    }
  }

  /** Answers from the first question on, which finds no socket: before it the keeper tidies up. */
  private synchronized void answer(String failure) {
    if (open) {
      return;
    }
    open = true;
    try {
      server.bind(UnixDomainSocketAddress.of(layout.dockerSocket()));
    } catch (IOException e) {
      Log.error("the rehearsed daemon cannot listen", "error", e);
    }
    Thread.ofPlatform().name("rehearsal").daemon().start(this::serve);
  }

  private void serve() {
    ByteBuffer answer = ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.US_ASCII));
    try {
      while (true) {
        try (SocketChannel caller = server.accept()) {
          caller.read(ByteBuffer.allocate(1 << 10));
          caller.write(answer.duplicate());
        }
      }
    } catch (ClosedChannelException e) {
      Log.debug("the rehearsal is over");
    } catch (IOException e) {
      Log.error("the rehearsed daemon failed", "error", e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
