package dev.caisson.web;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.http.server.ServletServerHttpResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * The writing of an answer's JSON: the length of a short one is known before it is sent, so that it
 * goes out with its head in one piece, and the client does not wait for a mark of its end.
 */
final class WholeJson extends JacksonJsonHttpMessageConverter {
  /** The most bytes of a short answer; a longer one is sent as it is written. */
  static final int MOST = 4 << 10;

  WholeJson(JsonMapper mapper) {
    super(mapper);
  }

  @Override
  protected void writeInternal(
      Object object,
      ResolvableType type,
      HttpOutputMessage message,
      @Nullable Map<String, Object> hints)
      throws IOException {
    // A part of a stream has no length of its own.
    if (message.getClass() != ServletServerHttpResponse.class) {
      super.writeInternal(object, type, message, hints);
      return;
    }
    Held held = new Held(message);
    super.writeInternal(object, type, held, hints);
    held.end();
  }

  /** An answer that is held back until it is complete, or too long. */
  static final class Held extends OutputStream implements HttpOutputMessage {
    private final HttpOutputMessage message;
    private final byte[] bytes = new byte[MOST];
    private int count;
    private @Nullable OutputStream sent;

    Held(HttpOutputMessage message) {
      this.message = message;
    }

    @Override
    public HttpHeaders getHeaders() {
      return message.getHeaders();
    }

    @Override
    public OutputStream getBody() {
      return this;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] more, int from, int length) throws IOException {
      if (sent == null && length <= MOST - count) {
        System.arraycopy(more, from, bytes, count, length);
        count += length;
        return;
      }
      if (sent == null) {
        sent = message.getBody();
        sent.write(bytes, 0, count);
      }
      sent.write(more, from, length);
    }

    @Override
    public void flush() throws IOException {
      if (sent != null) {
        sent.flush();
      }
    }

    /** Sends what was held back. */
    void end() throws IOException {
      if (sent == null) {
        message.getHeaders().setContentLength(count);
        message.getBody().write(bytes, 0, count);
      }
    }
  }
}
