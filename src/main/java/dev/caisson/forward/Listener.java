package dev.caisson.forward;

import dev.caisson.sandbox.Tunnel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An address of this host that leads into a sandbox. */
final class Listener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);

  private final ServerSocket socket;
  private final Dialer dialer;
  private final Semaphore connections;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

  private Listener(ServerSocket socket, Dialer dialer, Semaphore connections) {
    this.socket = socket;
    this.dialer = dialer;
    this.connections = connections;
  }

  /**
   * Opens a listener, which accepts from here on.
   *
   * @param port 0 for one that is free
   * @param connections how many more there may be; a client that finds none is turned away
   */
  static Listener open(InetAddress address, int port, Dialer dialer, Semaphore connections)
      throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
    Listener listener = new Listener(socket, dialer, connections);
    Thread.ofVirtual().name("forward-" + listener.port()).start(listener::accept);
    return listener;
  }

  int port() {
    return socket.getLocalPort();
  }

  String host() {
    return socket.getInetAddress().getHostAddress();
  }

  /** Returns how many clients are connected now. */
  int connected() {
    return clients.size();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        if (connections.tryAcquire()) {
          clients.add(client);
          Thread.ofVirtual().name("forwarded-" + port()).start(() -> serve(client));
        } else {
          Relay.reset(client, true);
        }
      } catch (IOException e) {
        if (!socket.isClosed()) {
          log.atWarn()
              .addKeyValue("address", host() + ":" + port())
              .addKeyValue("error", e.getMessage())
              .log("a forward does not accept any more");
          close();
        }
      }
    }
  }

  private void serve(Socket client) {
    try {
      client.setTcpNoDelay(true);
      Tunnel tunnel = dialer.dial();
      try (Relay relay = new Relay(client, tunnel)) {
        relay.carry();
      }
    } catch (IOException | RuntimeException e) {
      log.atDebug()
          .addKeyValue("port", port())
          .addKeyValue("error", e.getMessage())
          .log("nothing answers where a forward leads to");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // Without effect on a connection that was ended in order.
      Relay.reset(client, true);
      clients.remove(client);
      connections.release();
    }
  }

  /** Stops listening; connected clients stay connected. */
  void stop() {
    try {
      socket.close();
    } catch (IOException e) {
      log.warn("a forward could not be closed", e);
    }
  }

  /** Stops listening, and cuts off connected clients. */
  @Override
  public void close() {
    stop();
    clients.forEach(client -> Relay.reset(client, true));
  }
}
