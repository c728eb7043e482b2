package dev.caisson.it.ports;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** What answers each datagram with itself. */
public final class Echo implements AutoCloseable {
  private final DatagramSocket socket;
  private final AtomicInteger heard = new AtomicInteger();

  public Echo(DatagramSocket socket) {
    this.socket = socket;
    Thread.startVirtualThread(this::run);
  }

  /** How many came. */
  public int heard() {
    return heard.get();
  }

  private void run() {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    while (!socket.isClosed()) {
      try {
        packet.setLength(65_535);
        socket.receive(packet);
        heard.incrementAndGet();
        socket.send(packet);
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
