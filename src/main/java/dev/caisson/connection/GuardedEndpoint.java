package dev.caisson.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.coyote.Constants;
import org.apache.coyote.Processor;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's connections, of which no address has more than its share, and of which none is kept that
 * takes too long for a head. Tomcat itself bounds the time between two reads alone, so that a byte
 * now and then keeps a connection for ever; and like its own time-outs these are looked at once a
 * second.
 */
final class GuardedEndpoint extends NioEndpoint {
  private static final Logger log = LoggerFactory.getLogger(GuardedEndpoint.class);
  private static final long ROUND = TimeUnit.SECONDS.toMillis(1);

  /**
   * The times since which the heads of connections' next requests have been coming, by
   * System.nanoTime.
   */
  private Map<SocketWrapperBase<NioChannel>, Long> heads = new HashMap<>();

  /** The number of connections refused since that was last logged. */
  private final AtomicInteger refused = new AtomicInteger();

  private volatile int perAddress;
  private volatile Duration head = Duration.ofSeconds(15);
  private volatile @Nullable Thread watcher;

  void bound(ConnectionProperties properties) {
    perAddress = properties.perAddress();
    head = properties.head();
  }

  @Override
  public void startInternal() throws Exception {
    super.startInternal();
    watcher = Thread.ofPlatform().daemon().name("connections").start(this::watch);
  }

  @Override
  public void stopInternal() {
    Thread running = watcher;
    if (running != null) {
      running.interrupt();
    }
    super.stopInternal();
  }

  @Override
  protected boolean setSocketOptions(SocketChannel socket) {
    if (hasTooMany(socket)) {
      refused.incrementAndGet();
      // The caller closes only what has got as far as being wrapped.
      destroySocket(socket);
      return false;
    }
    return super.setSocketOptions(socket);
  }

  private boolean hasTooMany(SocketChannel socket) {
    int most = perAddress;
    if (most == 0 || connections.size() < most) {
      return false;
    }
    InetAddress address = address(socket);
    if (address == null || address.isLoopbackAddress()) {
      return false;
    }
    int count = 0;
    for (SocketChannel other : connections.keySet()) {
      if (other.isOpen() && address.equals(address(other)) && ++count >= most) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable InetAddress address(SocketChannel socket) {
    try {
      return socket.getRemoteAddress() instanceof InetSocketAddress remote
          ? remote.getAddress()
          : null;
    } catch (IOException e) {
      // It is closed already.
      return null;
    }
  }

  private void watch() {
    try {
      while (isRunning()) {
        Thread.sleep(ROUND);
        closeSlowHeads();
        int more = refused.getAndSet(0);
        if (more > 0) {
          log.atWarn()
              .addKeyValue("refused", more)
              .addKeyValue("per_address", perAddress)
              .log("connections refused: their addresses have as many as they may");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeSlowHeads() {
    long now = System.nanoTime();
    Map<SocketWrapperBase<NioChannel>, Long> coming = new HashMap<>();
    for (SocketWrapperBase<NioChannel> connection : getConnections()) {
      if (isReadingHead(connection)) {
        long since = heads.getOrDefault(connection, now);
        if (now - since >= head.toNanos()) {
          connection.setError(new SocketTimeoutException("the head took too long"));
          processSocket(connection, SocketEvent.ERROR, true);
        } else {
          coming.put(connection, since);
        }
      }
    }
    heads = coming;
  }

  /**
   * Tells whether a head is being read: between two reads of it the processor stays with its
   * connection, and says that it ended.
   */
  private static boolean isReadingHead(SocketWrapperBase<NioChannel> connection) {
    if (!(connection.getCurrentProcessor() instanceof Processor processor)
        || processor.isUpgrade()
        || processor.isAsync()) {
      return false;
    }
    int stage = processor.getRequest().getRequestProcessor().getStage();
    return stage == Constants.STAGE_PARSE || stage == Constants.STAGE_ENDED;
  }
}
