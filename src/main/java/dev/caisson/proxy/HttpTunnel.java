package dev.caisson.proxy;

import dev.caisson.sandbox.Tunnel;
import dev.caisson.streams.BoundedInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 exchange over a tunnel; what comes out of a sandbox is bounded and checked. */
public final class HttpTunnel implements AutoCloseable {
  /** The most headers of an answer. */
  static final int MAX_HEADERS = 200;

  /** The most bytes of an answer's head, with all provisional answers before it. */
  static final int MAX_HEAD = 256 << 10;

  /** The most provisional answers ({@code 1xx}) before the one that counts. */
  static final int MAX_PROVISIONAL = 16;

  private static final Http1Config BOUNDS =
      Http1Config.custom().setMaxLineLength(64 << 10).setMaxHeaderCount(MAX_HEADERS).build();

  private final Tunnel tunnel;
  private final BoundedInput input;
  private final Wire wire = new Wire();
  private @Nullable ClassicHttpRequest asked;
  private @Nullable ClassicHttpResponse answered;

  public HttpTunnel(Tunnel tunnel) throws IOException {
    this.tunnel = tunnel;
    this.input = new BoundedInput(tunnel.input());
    wire.bind(new Holder(input, tunnel.output()));
  }

  /**
   * Asks for a document.
   *
   * @param target path and query
   * @return the answer, whose content is read from this tunnel, and is over when the tunnel is
   *     closed
   * @throws ProxyException if the answer is not HTTP, or there is none
   */
  public ClassicHttpResponse get(String target) {
    try {
      ClassicHttpRequest request = RequestHead.line("GET", target);
      request.setHeader(HttpHeaders.HOST, "docker");
      sendHead(request);
      return receive(false, "");
    } catch (HttpException | IOException e) {
      throw new ProxyException.NoAnswer("No answer: " + e.getMessage(), e);
    }
  }

  /** Sends the first line and the headers. */
  void sendHead(ClassicHttpRequest request) throws HttpException, IOException {
    asked = request;
    wire.sendRequestHeader(request);
    wire.flush();
  }

  /** Sends the entity that the request has. */
  void sendBody(ClassicHttpRequest request) throws HttpException, IOException {
    wire.sendRequestEntity(request);
    wire.flush();
  }

  /**
   * Waits for the answer, past the provisional ones.
   *
   * @param headOnly whether the answer has no content, whatever its head says
   * @param upgrade the protocols that the request asked to switch to, as its Upgrade header has
   *     them; empty if it asked for none
   * @return the answer with its content; of a switch of protocols ({@code 101}) that is all that
   *     follows
   * @throws HttpException if the head breaks HTTP's rules or this class's bounds, or switches to a
   *     protocol that was not asked for
   */
  ClassicHttpResponse receive(boolean headOnly, String upgrade) throws HttpException, IOException {
    input.bound(MAX_HEAD);
    ClassicHttpResponse response = AnswerHead.check(wire.receiveResponseHeader());
    for (int i = 0;
        response.getCode() < HttpStatus.SC_OK
            && response.getCode() != HttpStatus.SC_SWITCHING_PROTOCOLS;
        i++) {
      if (i == MAX_PROVISIONAL) {
        throw new ProtocolException("more than " + MAX_PROVISIONAL + " provisional answers");
      }
      response = AnswerHead.check(wire.receiveResponseHeader());
    }
    input.unbound();
    if (response.getCode() == HttpStatus.SC_SWITCHING_PROTOCOLS) {
      AnswerHead.checkSwitch(response, upgrade);
    }
    if (response.getCode() == HttpStatus.SC_SWITCHING_PROTOCOLS) {
      // Read as a document of unknown length: what was buffered behind the head comes first.
      response.setCode(HttpStatus.SC_OK);
      response.removeHeaders(HttpHeaders.CONTENT_LENGTH);
      response.removeHeaders(HttpHeaders.TRANSFER_ENCODING);
      wire.receiveResponseEntity(response);
      response.setCode(HttpStatus.SC_SWITCHING_PROTOCOLS);
    } else if (!headOnly
        && response.getCode() != HttpStatus.SC_NO_CONTENT
        && response.getCode() != HttpStatus.SC_NOT_MODIFIED) {
      wire.receiveResponseEntity(response);
    }
    answered = response;
    return response;
  }

  /**
   * Returns whether the tunnel can carry another exchange, now that this one's content was sent and
   * read to its end: neither side has said that it closes, and nothing came behind the answer.
   */
  public boolean isReusable() {
    return answered != null
        && answered.getCode() != HttpStatus.SC_SWITCHING_PROTOCOLS
        && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(
            asked, answered, HttpCoreContext.create())
        && wire.hasReadAll();
  }

  Tunnel tunnel() {
    return tunnel;
  }

  @Override
  public void close() {
    tunnel.close();
  }

  /** The library's connection, whose streams are a tunnel's. */
  private static final class Wire extends DefaultBHttpClientConnection {
    private final Parsers parsers;

    Wire() {
      this(new Parsers());
    }

    private Wire(Parsers parsers) {
      super(
          BOUNDS,
          StandardCharsets.ISO_8859_1.newDecoder(),
          StandardCharsets.ISO_8859_1.newEncoder(),
          null,
          null,
          null,
          parsers);
      this.parsers = parsers;
    }

    /** Returns whether all that was taken from the stream has been handed out. */
    boolean hasReadAll() {
      SessionInputBuffer buffer = parsers.buffer;
      return buffer != null && buffer.length() == 0;
    }

    @Override
    protected void bind(SocketHolder holder) throws IOException {
      super.bind(holder);
    }
  }

  /** A factory of parsers with the bounds; a release has made its own without them (5.4.2). */
  private static final class Parsers extends DefaultHttpResponseParserFactory {
    /** The buffer of what the library has read and not handed out: it shows it to parsers alone. */
    private @Nullable SessionInputBuffer buffer;

    Parsers() {
      super(BOUNDS);
    }

    @Override
    public HttpMessageParser<ClassicHttpResponse> create() {
      HttpMessageParser<ClassicHttpResponse> parser = super.create();
      return (from, input) -> {
        buffer = from;
        return parser.parse(from, input);
      };
    }
  }

  /** The holder in which the library looks for streams; its socket is never connected. */
  private static final class Holder extends SocketHolder {
    private final InputStream input;
    private final OutputStream output;

    Holder(InputStream input, OutputStream output) {
      super(new Socket());
      this.input = input;
      this.output = output;
    }

    @Override
    protected InputStream getInputStream(Socket socket) {
      return input;
    }

    @Override
    protected OutputStream getOutputStream(Socket socket) {
      return output;
    }
  }
}
