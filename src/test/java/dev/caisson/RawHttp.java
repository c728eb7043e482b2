package dev.caisson;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 as bytes, for what no client sends; it keeps its connection where the service does. */
public final class RawHttp implements AutoCloseable {
  private final int port;
  private final SocketFactory sockets;
  private @Nullable Socket socket;
  private InputStream in = InputStream.nullInputStream();

  public RawHttp(int port) {
    this(port, SocketFactory.getDefault());
  }

  /** By sockets of another kind, such as those of TLS. */
  RawHttp(int port, SocketFactory sockets) {
    this.port = port;
    this.sockets = sockets;
  }

  /** What was answered; the head in lower case. */
  public record Answer(int status, String head, String body) {
    boolean has(String header) {
      return head.contains("\r\n" + header.toLowerCase(Locale.ROOT) + ":");
    }
  }

  /** Sends a request without a body. */
  public Answer ask(String method, String target, String... headers) throws IOException {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1");
    head.append(":").append(port).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return send(head.append("\r\n").toString(), method);
  }

  /** Sends these bytes, in which each character is one. */
  public Answer send(String bytes, String method) throws IOException {
    boolean kept = socket != null;
    try {
      return exchange(bytes, method);
    } catch (EOFException | SocketException e) {
      close();
      if (!kept) {
        throw e;
      }
      // The service had closed what was kept.
      return exchange(bytes, method);
    }
  }

  private Answer exchange(String bytes, String method) throws IOException {
    Socket open = socket;
    if (open == null) {
      open = sockets.createSocket(InetAddress.getLoopbackAddress(), port);
      open.setSoTimeout(20_000);
      open.setTcpNoDelay(true);
      socket = open;
      in = new BufferedInputStream(open.getInputStream());
    }
    open.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    String head = head();
    int status = Integer.parseInt(head.substring(9, 12));
    String body = method.equals("HEAD") || status == 204 || status == 304 ? "" : body(head);
    if (head.contains("\r\nconnection: close")) {
      close();
    }
    return new Answer(status, head, body);
  }

  private String head() throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("no head: " + text);
      }
      read.write(next);
      if (next == '\n') {
        text = read.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private String body(String head) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int length = head.indexOf("\r\ncontent-length: ");
    if (length >= 0) {
      int from = length + "\r\ncontent-length: ".length();
      body.write(in.readNBytes(Integer.parseInt(head.substring(from, head.indexOf('\r', from)))));
    } else if (head.contains("\r\ntransfer-encoding: chunked")) {
      for (int size = size(); size > 0; size = size()) {
        body.write(in.readNBytes(size));
        line();
      }
      line();
    } else {
      body.write(in.readAllBytes());
      close();
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private int size() throws IOException {
    return Integer.parseInt(line().strip(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
