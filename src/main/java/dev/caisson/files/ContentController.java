package dev.caisson.files;

import static dev.caisson.files.SandboxFiles.sandbox;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.RefusalCode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The endpoints that read and write the content of a file, straight from the request's own thread.
 */
@Tag(name = "Files")
@RestController
@RequestMapping("/v1/sandboxes/{id}/files/content")
class ContentController {
  private final SandboxFiles files;
  private final Download download;

  ContentController(SandboxFiles files, Download download) {
    this.files = files;
    this.download = download;
  }

  @Operation(
      operationId = "readFile",
      summary = "Read a file",
      description =
          "Streamed. A link is followed. `Range` (one range) and `If-None-Match` are supported."
              + " Anything but a regular file is refused at once: with EISDIR, or NOT_A_FILE for"
              + " devices, fifos and sockets. If the content ends before its announced length, the"
              + " connection is cut.",
      parameters = {
        @Parameter(name = "Range", in = ParameterIn.HEADER, example = "bytes=0-1023"),
        @Parameter(name = "If-None-Match", in = ParameterIn.HEADER)
      })
  @ApiResponse(
      responseCode = "200",
      description = "The content of the file",
      content =
          @Content(
              schema = @Schema(type = "string", format = "binary"),
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE))
  @ApiResponse(
      responseCode = "206",
      description = "The requested range",
      content =
          @Content(
              schema = @Schema(type = "string", format = "binary"),
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE))
  @ApiResponse(
      responseCode = "304",
      description = "The content has not changed",
      content = @Content)
  @ApiResponse(
      responseCode = "416",
      description = "The range lies outside the file",
      content = @Content)
  @GetMapping
  void read(
      @PathVariable String id,
      @Parameter(description = FileController.PATH, example = FileController.EXAMPLE) @RequestParam
          String path,
      HttpServletRequest request,
      HttpServletResponse response) {
    download.send(sandbox(id), path, request, response);
  }

  @Operation(
      operationId = "writeFile",
      summary = "Write a file",
      description =
          "Streamed, and written completely or not at all: readers see either the old content or"
              + " the new one. A link is followed inside the sandbox, to a file that may not exist"
              + " yet; the answer has the path of that file. `If-None-Match: *` writes only a new"
              + " file (otherwise 412), as `overwrite=false` does (otherwise 409 EEXIST); an"
              + " existing link does not count as new.",
      parameters = @Parameter(name = "If-None-Match", in = ParameterIn.HEADER, example = "*"),
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                      schema = @Schema(type = "string", format = "binary"))))
  @ApiResponse(responseCode = "201", description = "The file is new", useReturnTypeSchema = true)
  @ApiResponse(
      responseCode = "200",
      description = "The file was replaced",
      useReturnTypeSchema = true)
  @PutMapping
  ResponseEntity<FileAnswer> write(
      @PathVariable String id,
      @Parameter(description = FileController.PATH, example = FileController.EXAMPLE) @RequestParam
          String path,
      @Parameter(
              description =
                  "Permission bits, octal; if absent, those of the replaced file, otherwise 0644",
              example = "0644")
          @RequestParam(required = false)
          @Nullable String mode,
      @Parameter(
              description =
                  "Owner, as name, uid, name:group or uid:gid; if absent, that of the replaced"
                      + " file, otherwise the default user of processes",
              example = "1000:1000")
          @RequestParam(required = false)
          @Nullable String owner,
      @Parameter(description = "Whether to make missing directories")
          @RequestParam(defaultValue = "false")
          boolean parents,
      @RequestParam(defaultValue = "true") boolean overwrite,
      @Parameter(
              description =
                  "Whether to follow a link instead of replacing it. A sandbox of an older version"
                      + " replaces the link if the parameter is absent.",
              schema = @Schema(type = "boolean", defaultValue = "true"))
          @RequestParam(required = false)
          @Nullable Boolean follow,
      @Parameter(description = "Whether to turn blocks of zeros into holes")
          @RequestParam(defaultValue = "false")
          boolean sparse,
      HttpServletRequest request)
      throws IOException {
    SandboxId known = sandbox(id);
    boolean isNew = "*".equals(request.getHeader(HttpHeaders.IF_NONE_MATCH));
    FileRequest.WriteFile write =
        FileRequest.WriteFile.builder(path)
            .mode(FileMode.parse(mode))
            .owner(owner)
            .parents(parents)
            .overwrite(overwrite && !isNew)
            .holes(sparse)
            .build();
    FileInfo written;
    try {
      written = write(known, write, follow, request.getInputStream());
    } catch (FileException.Refused e) {
      throw isNew && e.reason == RefusalCode.EEXIST ? new FileException.NotNew(known, path, e) : e;
    }
    return ResponseEntity.status(written.replaced() ? HttpStatus.OK : HttpStatus.CREATED)
        .header(HttpHeaders.ETAG, FileAnswer.tag(written))
        .body(FileAnswer.from(written));
  }

  private FileInfo write(
      SandboxId id, FileRequest.WriteFile write, @Nullable Boolean follow, InputStream content) {
    if (Boolean.FALSE.equals(follow)) {
      return files.write(id, write, content);
    }
    try {
      return files.write(id, write.followed(), content);
    } catch (SupervisorException.TooOld e) {
      if (follow != null) {
        throw e;
      }
      // Thrown before anything of the content was read: it is written as ever, without following.
      return files.write(id, write, content);
    }
  }
}
