package dev.caisson.proxy;

import dev.caisson.connection.Client;
import dev.caisson.sandbox.Tunnel;
import dev.caisson.streams.CutOff;
import dev.caisson.streams.Streams;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The proxy that passes HTTP on into a sandbox: any method, bodies of any length both ways in
 * constant memory, each piece as it comes, and switches of protocol (WebSocket, Docker's {@code
 * tcp} and {@code h2c}).
 */
@Component
public final class Proxy {
  private static final Logger log = LoggerFactory.getLogger(Proxy.class);

  private final Streams streams;
  private final Exchanges exchanges;

  Proxy(Streams streams, Exchanges exchanges) {
    this.streams = streams;
    this.exchanges = exchanges;
  }

  /**
   * Passes one request on, and its answer back; closes the tunnel when both are over, after an
   * upgrade when the connection is.
   *
   * @throws ProxyException if there is no answer in HTTP, or none in time, or the sandbox has as
   *     many exchanges as it may have
   */
  public void pass(
      Tunnel tunnel,
      Forwarding forwarding,
      Terms terms,
      HttpServletRequest request,
      HttpServletResponse response) {
    pass(tunnel, () -> {}, forwarding, terms, request, response);
  }

  /**
   * Passes one request on, as the form without {@code reusable} does.
   *
   * @param reusable run before the tunnel is closed, if it could carry another exchange
   */
  public void pass(
      Tunnel tunnel,
      Runnable reusable,
      Forwarding forwarding,
      Terms terms,
      HttpServletRequest request,
      HttpServletResponse response) {
    Exchanges.Slot slot;
    try {
      slot = exchanges.begin(terms);
    } catch (ProxyException e) {
      tunnel.close();
      throw e;
    }
    Streams.Handle handle = streams.open(tunnel::close);
    boolean upgraded = false;
    try {
      upgraded = pass(tunnel, reusable, forwarding, terms, request, response, slot, handle);
    } finally {
      if (!upgraded) {
        slot.close();
        handle.close();
        tunnel.close();
      }
    }
  }

  /** Passes the request on; returns whether the connection was upgraded, and lives on. */
  private static boolean pass(
      Tunnel tunnel,
      Runnable reusable,
      Forwarding forwarding,
      Terms terms,
      HttpServletRequest request,
      HttpServletResponse response,
      Exchanges.Slot slot,
      Streams.Handle handle) {
    try (Vigil vigil = Vigil.over(request, tunnel, terms.patience())) {
      HttpTunnel http = new HttpTunnel(tunnel);
      ClassicHttpResponse answer;
      try {
        answer = ask(http, forwarding, request, vigil);
      } catch (IOException e) {
        if (vigil.wasLate()) {
          throw new ProxyException.Late(terms);
        }
        throw e;
      }
      vigil.answered();
      copyHead(answer, request, response);
      if (answer.getCode() != HttpStatus.SC_SWITCHING_PROTOCOLS) {
        if (copyBody(answer, request, response) && vigil.isBodyRead() && http.isReusable()) {
          reusable.run();
        }
        return false;
      }
      vigil.end();
      request
          .upgrade(TunnelUpgrade.class)
          .carry(
              http,
              content(answer),
              () -> {
                slot.close();
                handle.close();
              });
      return true;
    } catch (HttpException | IOException | ServletException e) {
      throw new ProxyException.NoAnswer(
          "The program that listens there gave no HTTP answer: " + e.getMessage(), e);
    }
  }

  /**
   * Sends the request and waits for the answer, which may come before the end of the body: that is
   * sent in a thread of its own, except before an upgrade.
   */
  private static ClassicHttpResponse ask(
      HttpTunnel http, Forwarding forwarding, HttpServletRequest from, Vigil vigil)
      throws HttpException, IOException {
    ClassicHttpRequest request = RequestHead.of(from, forwarding);
    http.sendHead(request);
    if (request.getEntity() == null) {
      vigil.bodyRead();
    } else if (from.getHeader(HttpHeaders.UPGRADE) == null) {
      Thread _ = Thread.ofVirtual().name("request-body").start(() -> send(http, request, vigil));
    } else {
      // After the body the connection is raw: no other thread may still read the request then.
      http.sendBody(request);
    }
    String upgrade = from.getHeader(HttpHeaders.UPGRADE);
    return http.receive(from.getMethod().equals("HEAD"), upgrade == null ? "" : upgrade);
  }

  private static void send(HttpTunnel http, ClassicHttpRequest request, Vigil vigil) {
    try {
      http.sendBody(request);
      vigil.bodyRead();
    } catch (HttpException | IOException | RuntimeException e) {
      // Either the other end has answered and does not want the rest, or the client is gone.
      log.debug("a request's body was not sent whole", e);
    }
  }

  private static void copyHead(
      ClassicHttpResponse from, HttpServletRequest request, HttpServletResponse to) {
    to.setStatus(from.getCode());
    HopByHop ended =
        new HopByHop(
            Arrays.stream(from.getHeaders(HttpHeaders.CONNECTION)).map(Header::getValue).toList());
    for (Header header : from.getHeaders()) {
      if (!ended.has(header.getName())) {
        to.addHeader(header.getName(), header.getValue());
      }
    }
    if (from.getCode() == HttpStatus.SC_SWITCHING_PROTOCOLS) {
      to.setHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
      Header protocol = from.getFirstHeader(HttpHeaders.UPGRADE);
      if (protocol != null) {
        to.setHeader(HttpHeaders.UPGRADE, protocol.getValue());
      }
      // By this header a Docker client tells one raw stream from several in one.
      Header type = from.getFirstHeader(HttpHeaders.CONTENT_TYPE);
      if (type != null) {
        Client.typeOfSwitch(request, type.getValue());
      }
    }
  }

  /** Passes the content on; returns whether all of it was passed on. */
  private static boolean copyBody(
      ClassicHttpResponse answer, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    // An answer that comes piece by piece may begin long before its first piece.
    response.flushBuffer();
    try {
      Flow.carry(content(answer), response.getOutputStream());
      return true;
    } catch (IOException e) {
      log.debug("an answer was not passed on whole", e);
      CutOff.mark(request);
      return false;
    }
  }

  private static InputStream content(ClassicHttpResponse answer) throws IOException {
    HttpEntity entity = answer.getEntity();
    return entity == null ? InputStream.nullInputStream() : entity.getContent();
  }
}
