package dev.caisson.files;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.streams.ByteRange;
import dev.caisson.streams.CutOff;
import dev.caisson.streams.RequestedRange;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.PathText;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** The writer of a file's content into a response, piece by piece as it comes. */
@Component
final class Download {
  /** The number of pieces after which the sandbox's ttl begins anew. */
  private static final int TOUCH = 256;

  private static final Logger log = LoggerFactory.getLogger(Download.class);

  private final SandboxFiles files;
  private final Streams streams;

  Download(SandboxFiles files, Streams streams) {
    this.files = files;
    this.streams = streams;
  }

  /**
   * Sends a file, or the part that {@code Range} asks for, or the headers alone.
   *
   * @throws FileException.NoSuchRange if the file has no byte of that part
   */
  void send(SandboxId id, String path, HttpServletRequest request, HttpServletResponse response) {
    RequestedRange asked = RequestedRange.of(request);
    RequestedRange range = asked == null ? RequestedRange.WHOLE : asked;
    boolean head = request.getMethod().equals("HEAD");
    FileRequest.ReadFile read =
        new FileRequest.ReadFile(path, range.offset(), head ? 0 : range.length());
    try (Answers<Answer> answers = files.open(id, path, read);
        Streams.Handle handle = streams.open(answers::close)) {
      FileInfo file = first(answers, path);
      if (isKnown(request, file)) {
        response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        response.setHeader(HttpHeaders.ETAG, FileAnswer.tag(file));
        return;
      }
      ByteRange there = range.in(0, file.size());
      if (asked != null && there.length() <= 0) {
        throw new FileException.NoSuchRange(id, path, file.size());
      }
      headers(response, file);
      if (asked != null) {
        there.announce(response, file.size());
      }
      if (head) {
        response.setContentLengthLong(there.length());
        return;
      }
      Answer next = answers.next();
      // Files of /proc say that they are empty; of them only the end tells the length.
      boolean made = file.size() == 0 && next != null;
      if (!made) {
        response.setContentLengthLong(there.length());
      }
      Part part = new Part(id, there.start(), made ? Long.MAX_VALUE : there.length());
      deliver(part, answers, next, request, response, handle);
    } catch (SupervisorException.Refused e) {
      throw SandboxFiles.refused(path, e);
    }
  }

  /** The part to be delivered. */
  private record Part(SandboxId id, long start, long count) {}

  private static FileInfo first(Answers<Answer> answers, String path) {
    if (answers.next() instanceof FileInfo file) {
      return file;
    }
    throw new IllegalStateException("a supervisor does not say what " + path + " is");
  }

  private static boolean isKnown(HttpServletRequest request, FileInfo file) {
    String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    return known != null
        && (known.strip().equals("*")
            || Arrays.stream(known.split(",", -1))
                .anyMatch(tag -> tag.strip().equals(FileAnswer.tag(file))));
  }

  /**
   * Sets the headers by which the content of a sandbox is never taken for a page of this service.
   */
  private static void headers(HttpServletResponse response, FileInfo file) {
    String name = PathText.shown(file.path().substring(file.path().lastIndexOf('/') + 1));
    response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
    response.setHeader(HttpHeaders.ETAG, FileAnswer.tag(file));
    response.setHeader(
        HttpHeaders.CONTENT_DISPOSITION,
        ContentDisposition.attachment().filename(name, StandardCharsets.UTF_8).build().toString());
  }

  private void deliver(
      Part part,
      Answers<Answer> answers,
      @Nullable Answer first,
      HttpServletRequest request,
      HttpServletResponse response,
      Streams.Handle handle) {
    try {
      boolean whole = copy(part, answers, first, response.getOutputStream());
      if (!whole || handle.ended()) {
        response.flushBuffer();
        CutOff.mark(request);
      }
    } catch (RuntimeException e) {
      // The answer has begun: it is too late for a problem document.
      log.atDebug()
          .addKeyValue("sandbox", part.id())
          .addKeyValue("error", e.getMessage())
          .log("a download broke");
      CutOff.mark(request);
    } catch (IOException e) {
      log.atTrace().addKeyValue("sandbox", part.id()).log("client of a download is gone");
    }
  }

  /**
   * Copies the part, without the bytes a file grew by meanwhile; returns whether nothing is
   * missing.
   */
  private boolean copy(Part part, Answers<Answer> answers, @Nullable Answer first, OutputStream out)
      throws IOException {
    long done = 0;
    int pieces = 0;
    for (Answer next = first; next != null && done < part.count(); next = answers.next()) {
      if (!(next instanceof Answer.Bytes piece) || piece.offset() != part.start() + done) {
        return false;
      }
      int length = (int) Math.min(piece.bytes().length, part.count() - done);
      out.write(piece.bytes(), 0, length);
      done += length;
      if (++pieces % TOUCH == 0) {
        files.touch(part.id());
      }
    }
    return done == part.count() || part.count() == Long.MAX_VALUE;
  }
}
