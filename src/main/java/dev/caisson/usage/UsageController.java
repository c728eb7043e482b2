package dev.caisson.usage;

import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Usage;
import dev.caisson.streams.EventStream;
import dev.caisson.streams.Streams;
import io.swagger.v3.oas.annotations.Operation;
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
import org.springframework.web.bind.annotation.RestController;

/** The endpoint of a sandbox's use of resources. */
@RestController
@Tag(name = "Sandboxes")
class UsageController {
  private static final Logger log = LoggerFactory.getLogger(UsageController.class);

  private final Usages usages;
  private final Streams streams;

  UsageController(Usages usages, Streams streams) {
    this.usages = usages;
    this.streams = streams;
  }

  /** The end of the samples: the sandbox does not run any more. */
  @Schema(name = "UsageEnd")
  record End() {}

  @Operation(
      operationId = "followUsage",
      summary = "Follow the resource usage of a sandbox",
      description =
          "Server-sent events `usage`, about one per second, for everything that runs in the"
              + " sandbox, and `end` when the sandbox ends; a stream that ends without it was"
              + " interrupted. Usage is measured only while it is read, and once for all readers;"
              + " reading does not count as activity.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(oneOf = {Usage.class, End.class})))
  @GetMapping(
      path = "/v1/sandboxes/{id}/usage",
      produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_PROBLEM_JSON_VALUE})
  void follow(@PathVariable String id, HttpServletResponse response) throws IOException {
    SandboxId sandbox = SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
    Thread reader = Thread.currentThread();
    try (Usages.Look look = usages.look(sandbox)) {
      // A sandbox that cannot be measured is a problem before the stream begins.
      Usage first = look.next();
      try (EventStream events = streams.events(response, reader::interrupt)) {
        tell(first, look, events);
      }
    } catch (InterruptedException e) {
      // The service stops, or the client is gone: either way the reading is over.
    }
  }

  private static void tell(@Nullable Usage first, Usages.Look look, EventStream events)
      throws IOException, InterruptedException {
    try {
      for (Usage next = first; next != null; next = look.next()) {
        events.send(null, "usage", next);
      }
      events.send(null, "end", new End());
    } catch (EngineException e) {
      // The stream ends without its last event: the client connects again.
      log.atDebug().addKeyValue("error", e.getMessage()).log("a measuring broke off");
    }
  }
}
