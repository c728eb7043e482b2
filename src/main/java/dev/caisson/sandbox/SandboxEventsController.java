package dev.caisson.sandbox;

import dev.caisson.streams.EventStream;
import dev.caisson.streams.Streams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What happens to a sandbox, as it happens. */
@RestController
@Tag(name = "Sandboxes")
class SandboxEventsController {
  private final Sandboxes sandboxes;
  private final Streams streams;

  SandboxEventsController(Sandboxes sandboxes, Streams streams) {
    this.sandboxes = sandboxes;
    this.streams = streams;
  }

  @GetMapping(path = "/v1/sandboxes/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @Operation(
      operationId = "followSandboxEvents",
      summary = "Follow a sandbox's events: its own, its image's pull, its processes, its daemon",
      description =
          "Server-sent events sandbox, image, process and docker; resumes after 'after' or"
              + " Last-Event-ID within the last 1000; ends when the sandbox has ended.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string")))
  void events(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable Long after,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable Long lastEventId,
      HttpServletResponse response)
      throws IOException {
    SandboxId known = SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
    sandboxes.get(known);
    long last = lastEventId != null ? lastEventId : after != null ? after : 0;
    Thread reader = Thread.currentThread();
    try (EventStream stream = streams.events(response, reader::interrupt)) {
      for (List<SandboxEvent> events = sandboxes.events(known, last);
          !events.isEmpty();
          events = sandboxes.events(known, last)) {
        for (SandboxEvent event : events) {
          stream.send(Long.toString(event.seq()), event.type(), event);
          last = event.seq();
        }
      }
    } catch (InterruptedException e) {
      // The service stops, or the client is gone: either way nobody reads on.
    }
  }
}
