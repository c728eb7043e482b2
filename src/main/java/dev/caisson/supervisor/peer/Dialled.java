package dev.caisson.supervisor.peer;

import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Something in the sandbox that a peer has been connected to. */
public final class Dialled implements AutoCloseable {
  private static final int PIECE = 64 << 10;
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int MOST_ADDRESSES = 4;
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");

  private final SocketChannel channel;

  private Dialled(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Connects to the target.
   *
   * @throws RefusedException with the system's word for why it could not
   */
  public static Dialled to(Request.Dial target) throws RefusedException {
    String path = target.path();
    try {
      return new Dialled(path == null ? port(target) : socket(path));
    } catch (SocketTimeoutException e) {
      throw refused(RefusalCode.ETIMEDOUT, target, e);
    } catch (NoRouteToHostException e) {
      throw refused(RefusalCode.EHOSTUNREACH, target, e);
    } catch (ConnectException e) {
      throw refused(RefusalCode.ECONNREFUSED, target, e);
    } catch (IOException | IllegalArgumentException e) {
      boolean absent = path != null && !Files.exists(Path.of(path));
      throw refused(absent ? RefusalCode.ENOENT : RefusalCode.EIO, target, e);
    }
  }

  private static RefusedException refused(RefusalCode code, Request.Dial target, Exception why) {
    String what = target.path() == null ? "port " + target.port() : String.valueOf(target.path());
    return new RefusedException(code, "cannot connect to " + what + ": " + why.getMessage());
  }

  private static SocketChannel socket(String path) throws IOException {
    SocketChannel made = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      made.connect(UnixDomainSocketAddress.of(path));
      return made;
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private static SocketChannel port(Request.Dial target) throws IOException {
    String host = target.host();
    if (host != null) {
      return port(host, target);
    }
    IOException first = null;
    for (String address : addresses()) {
      try {
        return port(address, target);
      } catch (IOException e) {
        // What IPv4's loopback says counts: most listen there.
        first = first == null ? e : first;
      }
    }
    throw first == null ? new ConnectException("no address") : first;
  }

  /**
   * Lists the loopback's addresses, then the sandbox's own: some programs listen there alone, and
   * what an inner container publishes is found there while dockerd, whose helper serves the
   * loopback, is dead.
   */
  private static List<String> addresses() {
    List<String> addresses = new ArrayList<>(LOOPBACK);
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
          .map(InetAddress::getHostAddress)
          .limit(MOST_ADDRESSES)
          .forEach(addresses::add);
    } catch (IOException e) {
      Log.debug("the sandbox's addresses cannot be listed", "error", e);
    }
    return addresses;
  }

  private static SocketChannel port(String host, Request.Dial target) throws IOException {
    int millis =
        target.timeoutMillis() > 0
            ? Math.toIntExact(Math.min(target.timeoutMillis(), Integer.MAX_VALUE))
            : PATIENCE_MILLIS;
    SocketChannel made = SocketChannel.open();
    try {
      // Numeric: nothing is resolved, by whatever resolver the image brings.
      made.socket()
          .connect(new InetSocketAddress(InetAddress.ofLiteral(host), target.port()), millis);
      made.setOption(StandardSocketOptions.TCP_NODELAY, true);
      return made;
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  /** Carries bytes both ways until both have ended, or one of them has failed. */
  public void carry(Connection peer) throws InterruptedException {
    Thread up =
        Thread.ofVirtual()
            .name(Thread.currentThread().getName() + "-up")
            .start(() -> carry(peer::readBytes, this::write, channel::shutdownOutput, peer));
    carry(channel::read, peer::writeBytes, peer::endBytes, peer);
    up.join();
  }

  private void carry(Reader from, Writer to, End end, Connection peer) {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    try {
      while (from.read(piece) >= 0) {
        to.write(piece.flip());
        piece.clear();
      }
      end.end();
    } catch (IOException e) {
      // Of no use to the other direction either, whose end would come late or never.
      Log.debug("a dialled stream broke", "error", e);
      close();
      try {
        peer.close();
      } catch (IOException late) {
        Log.debug("a connection could not be closed", "error", late);
      }
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      Log.debug("a dialled stream could not be closed", "error", e);
    }
  }

  /** The end from which bytes come; reads -1 when there are no more. */
  private interface Reader {
    int read(ByteBuffer piece) throws IOException;
  }

  /** The end to which bytes go. */
  private interface Writer {
    void write(ByteBuffer piece) throws IOException;
  }

  /** The signal to the receiver that no more bytes come. */
  private interface End {
    void end() throws IOException;
  }
}
