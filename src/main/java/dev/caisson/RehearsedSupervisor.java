package dev.caisson;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A stand-in for the supervisor of one sandbox, which says of each process at once that it was
 * started and that it has ended, so that the way of an exec through the service is rehearsed too.
 */
final class RehearsedSupervisor implements AutoCloseable {
  private static final byte[] OUTPUT = "rehearsed\n".getBytes(StandardCharsets.UTF_8);
  private static final String MAC = "HmacSHA256";

  private final Clock clock;
  private final SandboxId sandbox;
  private final ServerSocketChannel server;
  private final AtomicLong pids = new AtomicLong();
  private final Queue<Connection> watchers = new ConcurrentLinkedQueue<>();
  private volatile byte[] word = {0};

  private RehearsedSupervisor(Clock clock, SandboxId sandbox, ServerSocketChannel server) {
    this.clock = clock;
    this.sandbox = sandbox;
    this.server = server;
  }

  /** Listens in the directory that a sandbox shares with the service. */
  static RehearsedSupervisor start(Clock clock, SandboxId sandbox, Path directory)
      throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(directory.resolve("supervisor.sock")));
    RehearsedSupervisor supervisor = new RehearsedSupervisor(clock, sandbox, server);
    Thread.ofVirtual().name("rehearsed-supervisor").start(supervisor::accept);
    return supervisor;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel peer = server.accept();
        Thread.ofVirtual().name("rehearsed-conversation").start(() -> converse(peer));
      }
    } catch (IOException e) {
      // The rehearsal is over.
    }
  }

  private void converse(SocketChannel peer) {
    try (Connection connection = new Connection(peer)) {
      connection.send(
          new Answer.Greeting(
              Connection.PROTOCOL, sandbox.value(), "0", true, true, Connection.REVISION));
      while (true) {
        answer(connection, connection.receive());
      }
    } catch (IOException e) {
      // The service has closed the connection.
    }
  }

  private void answer(Connection connection, Message request) throws IOException {
    switch (request) {
      case Request.Introduce introduce -> {
        word = introduce.word();
        connection.send(new Answer.Done());
      }
      case Request.Prove prove -> connection.send(new Answer.Proof(mac(prove.nonce())));
      case Request.Watch _ -> {
        connection.send(DaemonStatus.untouched(DaemonStatus.State.DISABLED, false, now()));
        watchers.add(connection);
      }
      case Request.Run run -> run(connection, run);
      case Request.ListProcesses _ -> connection.send(new Answer.Done());
      default -> connection.send(Answer.Refused.UNKNOWN);
    }
  }

  private void run(Connection connection, Request.Run run) throws IOException {
    ProcessInfo started =
        ProcessInfo.builder(pids.incrementAndGet(), run.start().command())
            .shell(run.start().shell())
            .startedAt(now())
            .build();
    ProcessInfo ended =
        started.toBuilder()
            .exit(new ProcessInfo.Exit(0, null, ProcessInfo.Cause.EXITED, now()))
            .stdout(new ProcessInfo.Volume(OUTPUT.length, 0))
            .build();
    connection.send(started);
    tell(started);
    tell(ended);
    connection.send(List.of(new Answer.Finished(ended, OUTPUT, new byte[0]), new Answer.Done()));
  }

  private void tell(ProcessInfo process) throws IOException {
    for (Connection watcher : watchers) {
      synchronized (watcher) {
        watcher.send(process);
      }
    }
  }

  private byte[] mac(byte[] nonce) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(word, MAC));
      return mac.doFinal(nonce);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
