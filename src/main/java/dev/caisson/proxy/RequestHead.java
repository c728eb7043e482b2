package dev.caisson.proxy;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.net.URIAuthority;

/** The head of a request as the other end is to see it. */
final class RequestHead {
  /**
   * The headers written anew, or answered here: the servlet container sends the provisional answer
   * itself.
   */
  private static final Set<String> OURS = Set.of("host", "content-length", "expect");

  private RequestHead() {}

  /**
   * Begins a request for a target that is sent as it is written: the target is given apart from the
   * host, since the library would read it as a URI and leave out what it takes for a host.
   */
  static ClassicHttpRequest line(String method, String target) {
    return new BasicClassicHttpRequest(method, (String) null, (URIAuthority) null, target);
  }

  static ClassicHttpRequest of(HttpServletRequest from, Forwarding forwarding) {
    ClassicHttpRequest to = line(from.getMethod(), forwarding.target());
    to.setHeader(HttpHeaders.HOST, forwarding.host());
    HopByHop ended = new HopByHop(Collections.list(from.getHeaders(HttpHeaders.CONNECTION)));
    for (String name : Collections.list(from.getHeaderNames())) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (!ended.has(name) && !OURS.contains(lower) && !forwarding.dropped().contains(lower)) {
        Collections.list(from.getHeaders(name)).forEach(value -> to.addHeader(name, value));
      }
    }
    forwarding.added().forEach(to::setHeader);
    String upgrade = from.getHeader(HttpHeaders.UPGRADE);
    if (upgrade != null) {
      to.setHeader(HttpHeaders.CONNECTION, "Upgrade");
      to.setHeader(HttpHeaders.UPGRADE, upgrade);
    }
    long length = from.getContentLengthLong();
    boolean chunked = length < 0 && from.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    if (length >= 0) {
      to.setHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
    } else if (chunked) {
      to.setHeader(HttpHeaders.TRANSFER_ENCODING, "chunked");
    }
    if (length > 0 || chunked) {
      to.setEntity(new Body(from, length));
    }
    return to;
  }

  /** The content, carried on as it comes. */
  private static final class Body extends AbstractHttpEntity {
    private final HttpServletRequest request;
    private final long length;

    Body(HttpServletRequest request, long length) {
      super((String) null, null, length < 0);
      this.request = request;
      this.length = length;
    }

    @Override
    public InputStream getContent() throws IOException {
      return request.getInputStream();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      Flow.carry(getContent(), out);
    }

    @Override
    public boolean isStreaming() {
      return true;
    }

    @Override
    public long getContentLength() {
      return length;
    }

    @Override
    public void close() {
      // The container closes the request's stream.
    }
  }
}
