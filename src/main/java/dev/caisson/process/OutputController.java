package dev.caisson.process;

import static dev.caisson.process.ProcessController.sandbox;

import dev.caisson.supervisor.wire.StreamName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The endpoints that hand out the output of a process, as often as it is asked for, written
 * straight from the request's own thread.
 */
@Tag(name = "Processes")
@RestController
@RequestMapping("/v1/sandboxes/{id}/processes/{pid}")
class OutputController {
  private static final String RAW =
      "The raw bytes of a running or ended process. `Range` (one range) counts from the first byte"
          + " ever written. `follow` streams until the process ends; if the stream breaks before"
          + " that, the connection is cut. Sent as text/plain to a client that accepts that.";
  private static final String OFFSET =
      "With `follow`, offset of the first byte to return, counted from the first byte ever written";

  private final Processes processes;
  private final RawOutput raw;
  private final ProcessOutput output;

  OutputController(Processes processes, RawOutput raw, ProcessOutput output) {
    this.processes = processes;
    this.raw = raw;
    this.output = output;
  }

  @Operation(
      operationId = "readStdout",
      summary = "Read a process's stdout",
      description = RAW,
      parameters = @Parameter(name = "Range", in = ParameterIn.HEADER, example = "bytes=0-1023"))
  @ApiResponse(
      responseCode = "200",
      description = "The bytes",
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
      responseCode = "416",
      description = "None of the range's bytes exist",
      content = @Content)
  @GetMapping("/stdout")
  void stdout(
      @PathVariable String id,
      @PathVariable long pid,
      @RequestParam(defaultValue = "false") boolean follow,
      @Parameter(description = OFFSET) @RequestParam(defaultValue = "0") @PositiveOrZero
          long offset,
      HttpServletRequest request,
      HttpServletResponse response) {
    send(
        new RawOutput.Wanted(sandbox(id), pid, StreamName.STDOUT, request, response),
        follow,
        offset);
  }

  @Operation(
      operationId = "readStderr",
      summary = "Read a process's stderr",
      description = RAW,
      parameters = @Parameter(name = "Range", in = ParameterIn.HEADER, example = "bytes=0-1023"))
  @ApiResponse(
      responseCode = "200",
      description = "The bytes",
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
      responseCode = "416",
      description = "None of the range's bytes exist",
      content = @Content)
  @GetMapping("/stderr")
  void stderr(
      @PathVariable String id,
      @PathVariable long pid,
      @RequestParam(defaultValue = "false") boolean follow,
      @Parameter(description = OFFSET) @RequestParam(defaultValue = "0") @PositiveOrZero
          long offset,
      HttpServletRequest request,
      HttpServletResponse response) {
    send(
        new RawOutput.Wanted(sandbox(id), pid, StreamName.STDERR, request, response),
        follow,
        offset);
  }

  @Operation(
      operationId = "followOutput",
      summary = "Read both output streams of a process in order",
      description =
          "Server-sent events. `output` carries `{seq, at, stream, data}`; characters are never"
              + " split, but come whole in the piece that completes them. `gap` names pieces that"
              + " are no longer kept. The last event is `exit` with the process, or `end` if the"
              + " process still runs and `follow` is not set. A stream that ends with neither was"
              + " interrupted: resume it after the last ID, and nothing is lost or repeated.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema =
                  @Schema(
                      oneOf = {
                        OutputEvent.Piece.class,
                        OutputEvent.Gap.class,
                        OutputEvent.End.class,
                        ProcessAnswer.class
                      })))
  @GetMapping(path = "/output", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  void output(
      @PathVariable String id,
      @PathVariable long pid,
      @Parameter(description = "ID of the event after which to begin")
          @RequestParam(required = false)
          @Nullable String after,
      @Parameter(
              description = "ID of the event after which to begin; takes precedence over `after`")
          @RequestHeader(name = "Last-Event-ID", required = false)
          @Nullable String lastEventId,
      @RequestParam(defaultValue = "false") boolean follow,
      @Parameter(
              description =
                  "Whether to return the exact bytes, in the field `base64` instead of `data`")
          @RequestParam(defaultValue = "false")
          boolean base64,
      HttpServletResponse response) {
    OutputPosition position = OutputPosition.of(lastEventId, after);
    // A process that does not exist is an error before the response begins.
    processes.get(sandbox(id), pid);
    output.events(sandbox(id), Long.toString(pid), position, follow, base64, response);
  }

  private void send(RawOutput.Wanted wanted, boolean follow, long offset) {
    if (follow) {
      raw.follow(wanted, offset);
    } else {
      raw.send(wanted);
    }
  }
}
