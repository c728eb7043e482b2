package dev.caisson.files;

import static dev.caisson.files.SandboxFiles.sandbox;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.streams.CutOff;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The endpoints that pack and unpack trees of files, streamed from the request's own thread. */
@Tag(name = "Files")
@RestController
@RequestMapping("/v1/sandboxes/{id}/files/archive")
class ArchiveController {
  private static final String TAR = "application/x-tar";
  private static final String SPARSE =
      "Whether blocks of zeros become holes, in all files; in those that the archive itself has as"
          + " sparse they do in any case.";

  private static final int BUFFER = 64 << 10;
  private static final int GZIP_FIRST = 0x1F;
  private static final int GZIP_SECOND = 0x8B;
  private static final Logger log = LoggerFactory.getLogger(ArchiveController.class);

  private final SandboxFiles files;
  private final Streams streams;

  ArchiveController(SandboxFiles files, Streams streams) {
    this.files = files;
    this.streams = streams;
  }

  @Operation(
      operationId = "packFiles",
      summary = "Read a tree as a tar",
      description =
          "Streamed; names are relative to `path`. Links, fifos, modes, owners and times are kept;"
              + " sockets, devices and what the kernel makes up (/proc, /sys) are left out. The"
              + " connection is cut where it cannot be finished.")
  @ApiResponse(
      responseCode = "200",
      description = "The archive.",
      content = @Content(mediaType = TAR, schema = @Schema(type = "string", format = "binary")))
  @GetMapping
  void pack(
      @PathVariable String id,
      @Parameter(description = FileController.PATH, example = "/workspace") @RequestParam
          String path,
      @Parameter(
              description =
                  "Whether large holes of files are left out, as GNU tar's format for sparse files"
                      + " has it (pax, 1.0). GNU tar, bsdtar and Python's tarfile make them again;"
                      + " BusyBox and Go do not know it. Else, and of a sandbox of an older version,"
                      + " holes are zeros.")
          @RequestParam(defaultValue = "false")
          boolean sparse,
      HttpServletRequest request,
      HttpServletResponse response) {
    SandboxId known = sandbox(id);
    try (Answers<Answer> answers = tree(known, path, sparse);
        Streams.Handle handle = streams.open(answers::close)) {
      if (!(answers.next() instanceof FileInfo first)) {
        throw new IllegalStateException("a supervisor does not say what " + path + " is");
      }
      response.setContentType(TAR);
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setHeader("Cache-Control", "no-store");
      if (!request.getMethod().equals("HEAD")) {
        send(first, answers, handle, request, response);
      }
    } catch (SupervisorException.Refused e) {
      throw SandboxFiles.refused(path, e);
    }
  }

  /**
   * Opens the tree; an older supervisor sends holes as zeros, and a still older one sends each name
   * of a file with several names as a file of its own.
   */
  private Answers<Answer> tree(SandboxId id, String path, boolean sparse) {
    try {
      return files.open(id, path, new FileRequest.ReadTree(path, true, sparse));
    } catch (SupervisorException.TooOld e) {
      return sparse
          ? tree(id, path, false)
          : files.open(id, path, new FileRequest.ReadTree(path, false, false));
    }
  }

  private static void send(
      FileInfo first,
      Answers<Answer> answers,
      Streams.Handle handle,
      HttpServletRequest request,
      HttpServletResponse response) {
    try {
      response.flushBuffer();
      new TarWriter(response.getOutputStream(), first).write(first, answers);
      if (handle.ended()) {
        CutOff.mark(request);
      }
    } catch (RuntimeException | IOException e) {
      // The answer has begun: it is too late for a problem document.
      log.atDebug().addKeyValue("error", e.getMessage()).log("an archive broke");
      CutOff.mark(request);
    }
  }

  @Operation(
      operationId = "unpackFiles",
      summary = "Unpack a tar",
      description =
          "Streamed, gzip or not. The directory is made where it is missing; each file is replaced"
              + " as by a write, a link by what the archive has in its place. An entry that would"
              + " leave `path` is refused, and what came before it stays.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(mediaType = TAR, schema = @Schema(type = "string", format = "binary"))))
  @PutMapping
  ArchiveAnswer unpack(
      @PathVariable String id,
      @Parameter(description = FileController.PATH, example = "/workspace") @RequestParam
          String path,
      @Parameter(description = "Of everything: name, uid, name:group or uid:gid.")
          @RequestParam(required = false)
          @Nullable String owner,
      @Parameter(
              description =
                  "Where `owner` says nothing. DEFAULT: as those of any write, the user's that"
                      + " processes get by default. ARCHIVE: as it says itself, by name where the"
                      + " sandbox has a user or group of that name, else by number.")
          @RequestParam(defaultValue = "DEFAULT")
          ArchiveOwners owners,
      @Parameter(description = SPARSE) @RequestParam(defaultValue = "false") boolean sparse,
      HttpServletRequest request)
      throws IOException {
    SandboxId known = sandbox(id);
    InputStream content;
    try {
      content = plain(request.getInputStream());
    } catch (IOException e) {
      throw new FileException.BadContent(known, path, "The content cannot be read", e);
    }
    EntryOwners whose = new EntryOwners(files, known, owner, owners);
    return new TarReader(files, known, path, whose, sparse).unpack(content);
  }

  /**
   * Returns the content without its gzip, which the first bytes show more surely than headers do.
   */
  private static InputStream plain(InputStream content) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(content, BUFFER);
    buffered.mark(2);
    boolean gzip = buffered.read() == GZIP_FIRST && buffered.read() == GZIP_SECOND;
    buffered.reset();
    return gzip ? new GZIPInputStream(buffered, BUFFER) : buffered;
  }
}
