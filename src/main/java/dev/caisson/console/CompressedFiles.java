package dev.caisson.console;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.resource.AbstractResourceResolver;
import org.springframework.web.servlet.resource.HttpResource;
import org.springframework.web.servlet.resource.ResourceResolverChain;

/**
 * Gives text with gzip to whoever accepts it: a fifth of the bytes. Each file is compressed once,
 * when it is first asked for, where Spring's {@code EncodedResourceResolver} needs a second file.
 * The server would compress what sandboxes answer at their ports as well.
 */
class CompressedFiles extends AbstractResourceResolver {
  private static final Set<String> TEXT = Set.of("html", "css", "js", "svg");

  private final Map<Resource, Compressed> compressed = new ConcurrentHashMap<>();

  @Override
  protected @Nullable Resource resolveResourceInternal(
      @Nullable HttpServletRequest request,
      String path,
      List<? extends Resource> locations,
      ResourceResolverChain chain) {
    Resource file = chain.resolveResource(request, path, locations);
    if (file == null
        || request == null
        || !TEXT.contains(String.valueOf(StringUtils.getFilenameExtension(path)))
        || !takesGzip(request)) {
      return file;
    }
    return compressed.computeIfAbsent(file, Compressed::new);
  }

  @Override
  protected @Nullable String resolveUrlPathInternal(
      String path, List<? extends Resource> locations, ResourceResolverChain chain) {
    return chain.resolveUrlPath(path, locations);
  }

  private static boolean takesGzip(HttpServletRequest request) {
    return Collections.list(request.getHeaders(HttpHeaders.ACCEPT_ENCODING)).stream()
        .flatMap(header -> Arrays.stream(header.split(",", -1)))
        .map(each -> each.replaceAll("\\s", ""))
        .anyMatch(each -> each.equals("gzip") || each.matches("gzip;q=(1.*|0\\.\\d*[1-9]\\d*)"));
  }

  /** A file as it is sent. */
  private static final class Compressed extends AbstractResource implements HttpResource {
    private final Resource file;
    private final byte[] content;

    Compressed(Resource file) {
      this.file = file;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(file.getContentAsByteArray());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      content = out.toByteArray();
    }

    @Override
    public HttpHeaders getResponseHeaders() {
      HttpHeaders headers = new HttpHeaders();
      headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
      return headers;
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(content);
    }

    @Override
    public long contentLength() {
      return content.length;
    }

    @Override
    public boolean exists() {
      return true;
    }

    @Override
    public @Nullable String getFilename() {
      return file.getFilename();
    }

    @Override
    public String getDescription() {
      return file.getDescription() + ", with gzip";
    }
  }
}
