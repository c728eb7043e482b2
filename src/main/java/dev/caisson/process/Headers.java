package dev.caisson.process;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The headers of an answer that is the output of a process. */
final class Headers {
  private Headers() {}

  /** Sets the headers by which output is never taken for a page of this service, nor kept. */
  static void plain(HttpServletRequest request, HttpServletResponse response) {
    boolean text = prefersText(request.getHeader(HttpHeaders.ACCEPT));
    response.setContentType(
        text ? "text/plain;charset=UTF-8" : MediaType.APPLICATION_OCTET_STREAM_VALUE);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  private static boolean prefersText(@Nullable String accept) {
    try {
      List<MediaType> types = MediaType.parseMediaTypes(accept);
      return types.stream().anyMatch(type -> type.equalsTypeAndSubtype(MediaType.TEXT_PLAIN))
          && types.stream().noneMatch(MediaType.APPLICATION_OCTET_STREAM::equalsTypeAndSubtype);
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }
}
