package dev.caisson.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.AbstractJacksonHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * The bound on JSON bodies, which are read whole: what does not say its size is read up to the
 * bound, see {@link BodyLength}. Files, archives and builds are streams, and are not read here.
 */
@RestControllerAdvice
final class BodyBound extends RequestBodyAdviceAdapter {
  /** The most bytes of a body; four times what a request of the largest fields takes. */
  static final long MOST = 16L << 20;

  @Override
  public boolean supports(
      MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converter) {
    return AbstractJacksonHttpMessageConverter.class.isAssignableFrom(converter);
  }

  @Override
  public HttpInputMessage beforeBodyRead(
      HttpInputMessage message,
      MethodParameter parameter,
      Type type,
      Class<? extends HttpMessageConverter<?>> converter) {
    return new Bounded(message);
  }

  /** The error thrown while a larger body is read. */
  static final class ExceededException extends IOException {
    ExceededException() {
      super("The body is larger than the " + MOST + " bytes that a JSON body may have");
    }

    /** Finds the error that is behind this one, if one is. */
    static @Nullable ExceededException in(Throwable thrown) {
      Throwable cause = thrown;
      while (cause != null && !(cause instanceof ExceededException)) {
        cause = cause.getCause();
      }
      return (ExceededException) cause;
    }
  }

  private record Bounded(HttpInputMessage message) implements HttpInputMessage {
    @Override
    public InputStream getBody() throws IOException {
      return new Counted(message.getBody());
    }

    @Override
    public HttpHeaders getHeaders() {
      return message.getHeaders();
    }
  }

  /** A stream that ends with an error where the bound is. */
  private static final class Counted extends FilterInputStream {
    private long read;

    Counted(InputStream body) {
      super(body);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int some = super.read(buffer, offset, length);
      count(Math.max(0, some));
      return some;
    }

    private void count(int more) throws ExceededException {
      read += more;
      if (read > MOST) {
        throw new ExceededException();
      }
    }
  }
}
