package dev.caisson.proxy;

import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection after a switch of protocols: its bytes and those of the sandbox, both ways,
 * until the sandbox has ended its side.
 */
public final class TunnelUpgrade implements HttpUpgradeHandler {
  private static final Logger log = LoggerFactory.getLogger(TunnelUpgrade.class);

  private @Nullable HttpTunnel tunnel;
  private @Nullable InputStream fromSandbox;
  private Runnable over = () -> {};

  /** Creates a handler, for the servlet container. */
  public TunnelUpgrade() {}

  void carry(HttpTunnel between, InputStream answered, Runnable whenOver) {
    this.tunnel = between;
    this.fromSandbox = answered;
    this.over = whenOver;
  }

  /** Holds the container's thread, a virtual one, for as long as the connection lives. */
  @Override
  public void init(WebConnection client) {
    HttpTunnel inside = Objects.requireNonNull(tunnel);
    Thread _ = Thread.ofVirtual().name("upgraded-up").start(() -> up(client, inside));
    try (inside) {
      Flow.carry(Objects.requireNonNull(fromSandbox), client.getOutputStream());
    } catch (IOException e) {
      log.debug("an upgraded connection broke", e);
    } finally {
      close(client);
      over.run();
    }
    // A client may hold its side open: the container closes the connection when this returns, and
    // that ends it.
  }

  /**
   * Carries the client's bytes. A client that has ended its side may still read; one that broke off
   * may not.
   */
  private static void up(WebConnection client, HttpTunnel inside) {
    try {
      Flow.carry(client.getInputStream(), inside.tunnel().output());
      end(inside);
    } catch (IOException e) {
      if (isEnd(e)) {
        end(inside);
      } else {
        log.debug("an upgraded connection broke", e);
        inside.close();
      }
    }
  }

  /**
   * Returns whether the error is the end of a connection, which Tomcat's streams report in this way
   * (11.0); of TLS, whose client says that it sends no more, by the status of its engine.
   */
  private static boolean isEnd(IOException e) {
    return e instanceof EOFException || String.valueOf(e.getMessage()).contains("[CLOSED]");
  }

  private static void end(HttpTunnel inside) {
    try {
      inside.tunnel().endOutput();
    } catch (IOException e) {
      inside.close();
    }
  }

  private static void close(WebConnection client) {
    try {
      client.close();
    } catch (Exception e) {
      log.debug("an upgraded connection could not be closed", e);
    }
  }

  @Override
  public void destroy() {
    HttpTunnel inside = tunnel;
    if (inside != null) {
      inside.close();
    }
  }
}
