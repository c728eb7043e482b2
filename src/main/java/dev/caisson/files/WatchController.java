package dev.caisson.files;

import static dev.caisson.files.SandboxFiles.sandbox;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.streams.EventStream;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The endpoint that sends changes to files as they happen. */
@Tag(name = "Files")
@RestController
class WatchController {
  private static final Logger log = LoggerFactory.getLogger(WatchController.class);

  private final SandboxFiles files;
  private final Streams streams;

  WatchController(SandboxFiles files, Streams streams) {
    this.files = files;
    this.streams = streams;
  }

  /** An event of a watch. */
  @Schema(name = "FileEvent")
  record FileEvent(
      @Schema(
              description =
                  "Kind of change. WATCHING comes first, and means that the watch is active.")
          Answer.Changed.Kind kind,
      @Schema(example = "/workspace/notes.txt") String path,
      @Schema(description = "Whether the path is a directory") boolean directory) {

    static FileEvent from(Answer.Changed changed) {
      return new FileEvent(changed.kind(), changed.path(), changed.directory());
    }
  }

  @Operation(
      operationId = "watchFiles",
      summary = "Watch a file or directory",
      description =
          "Server-sent events `file`. The first is WATCHING, which means that the watch is active."
              + " With `recursive`, new directories are watched as they appear. A renamed file is"
              + " reported as DELETED and CREATED. OVERFLOW means that more has changed than could"
              + " be reported: look again. When what is watched is deleted, the stream ends with"
              + " the event `end`; a stream that ends without it was interrupted. Events are not"
              + " kept, so the stream cannot be resumed.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(implementation = FileEvent.class)))
  @GetMapping(
      path = "/v1/sandboxes/{id}/files/watch",
      produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_PROBLEM_JSON_VALUE})
  void watch(
      @PathVariable String id,
      @Parameter(description = FileController.PATH, example = "/workspace") @RequestParam
          String path,
      @RequestParam(defaultValue = "false") boolean recursive,
      HttpServletResponse response) {
    FileRequest.WatchFiles watch = new FileRequest.WatchFiles(path, recursive);
    try (Answers<Answer.Changed> answers = files.open(sandbox(id), path, watch)) {
      // The watch is in force, or refused, before the stream begins.
      Answer.Changed first = answers.next();
      try (EventStream events = streams.events(response, answers::close)) {
        tell(first, answers, events);
      } catch (IOException | SupervisorException e) {
        // The client, this service or the sandbox goes away; the missing last event shows it.
        log.atDebug()
            .addKeyValue("sandbox", id)
            .addKeyValue("error", e.getMessage())
            .log("a watch is over");
      }
    } catch (SupervisorException.Refused e) {
      throw SandboxFiles.refused(path, e);
    }
  }

  private static void tell(
      Answer.@Nullable Changed first, Answers<Answer.Changed> answers, EventStream events)
      throws IOException {
    FileEvent last = null;
    for (Answer.Changed next = first; next != null; next = answers.next()) {
      last = FileEvent.from(next);
      events.send(null, "file", last);
    }
    if (last != null && !events.ended()) {
      events.send(null, "end", last);
    }
  }
}
