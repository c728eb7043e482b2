package dev.caisson.supervisor.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A probe of a port of the sandbox's loopback: whether it accepts, and what it says to a GET. */
final class PortProbe {
  private static final int CONNECT_MILLIS = 1_000;
  private static final int READ_MILLIS = 2_000;

  /**
   * The longest part of an answer's first line that is read, in characters; the status is in it.
   */
  private static final int LONGEST = 1_024;

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})\\b");

  private static final byte[] IPV4 = {127, 0, 0, 1};
  private static final byte[] IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private final int port;
  private final @Nullable String path;

  /**
   * @param path to be asked for, or null to ask for nothing
   */
  PortProbe(int port, @Nullable String path) {
    this.port = port;
    this.path = path;
  }

  /** Looks at the port: returns null if it is as it should be, else what was seen. */
  @Nullable String look() {
    String seen = null;
    for (byte[] address : List.of(IPV4, IPV6)) {
      String failure = look(address);
      if (failure == null) {
        return null;
      }
      // What IPv4 says counts, unless IPv6 alone could be spoken to.
      seen = seen == null || !failure.contains("connect") ? failure : seen;
    }
    return seen;
  }

  private @Nullable String look(byte[] address) {
    try (Socket socket = new Socket()) {
      try {
        socket.connect(
            new InetSocketAddress(InetAddress.getByAddress(address), port), CONNECT_MILLIS);
      } catch (IOException e) {
        return "port " + port + ": cannot connect: " + e.getMessage();
      }
      if (path == null) {
        return null;
      }
      socket.setSoTimeout(READ_MILLIS);
      String request =
          "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nAccept: */*\r\nConnection: close\r\n\r\n"
              .formatted(path, port);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return judged(firstLine(socket.getInputStream()));
    } catch (IOException e) {
      return "GET " + path + " at port " + port + ": " + e.getMessage();
    }
  }

  private @Nullable String judged(String line) {
    Matcher matcher = STATUS.matcher(line);
    if (!matcher.lookingAt()) {
      return "port " + port + " does not answer in HTTP";
    }
    int status = Integer.parseInt(matcher.group(1));
    boolean good = status >= 200 && status < 400;
    return good ? null : "GET " + path + " at port " + port + ": status " + status;
  }

  private static String firstLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (line.length() == LONGEST) {
        break;
      }
      line.append((char) next);
    }
    return line.toString();
  }
}
