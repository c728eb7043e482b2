package dev.caisson.history;

import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.streams.EventStream;
import dev.caisson.streams.Streams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The events of sandboxes over HTTP, as they happen, so that no client needs to poll. */
@RestController
@Tag(
    name = "Events",
    description = "Events of sandboxes, in streams that can be resumed without loss.")
class EventsController {
  private static final String HOW =
      "Server-sent events, each with its seq as ID. `after` or Last-Event-ID (which takes"
          + " precedence) resumes after an event, also across a restart of the service; `after=0`"
          + " returns everything that is kept; without either, the stream begins with new events. A"
          + " `gap` event names the events before the next one that are no longer kept. Events are"
          + " kept as long as ended sandboxes, and at most 100000. A client that reads slowly falls"
          + " behind, but loses nothing.";
  private static final String EXAMPLE =
      """
      id: 4711
      event: process
      data: {"seq":4711,"at":"2026-11-22T06:00:00Z","sandbox":"sb-7f3k9q2m","type":"process",\
      "data":{"pid":147,"state":"EXITED","code":0,"cause":"EXITED"}}
      """;
  static final String TYPE = "sandbox|image|process|docker|disk";

  private final Sandboxes sandboxes;
  private final EventLog log;
  private final Streams streams;

  EventsController(Sandboxes sandboxes, EventLog log, Streams streams) {
    this.sandboxes = sandboxes;
    this.log = log;
    this.streams = streams;
  }

  @GetMapping(path = "/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @Operation(
      operationId = "followEvents",
      summary = "Follow the events of all sandboxes",
      description = HOW)
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(oneOf = {SandboxEvent.class, EventData.Gap.class}),
              examples = @ExampleObject(EXAMPLE)))
  void all(
      @Parameter(description = "Types of events to return") @RequestParam(required = false)
          @Nullable List<@Pattern(regexp = TYPE, message = "must be one of " + TYPE) String> type,
      @RequestParam(required = false) @Min(0) @Nullable Long after,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable Long lastEventId,
      HttpServletResponse response)
      throws IOException {
    Set<String> types = type == null ? Set.of() : Set.copyOf(type);
    EventReading reading =
        new EventReading(log, new EventLog.Wanted(null, types), Instant.EPOCH, () -> false);
    follow(reading, begin(after, lastEventId), response, FileWatches.NONE);
  }

  @GetMapping(path = "/v1/sandboxes/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @Operation(
      operationId = "followSandboxEvents",
      summary = "Follow the events of a sandbox, its image's pull, its processes and its daemon",
      description =
          HOW
              + " The stream ends when the sandbox has ended, with its event of state ENDED or"
              + " FAILED. With `watch` it also has live `file` events for these paths: they have no"
              + " ID and cannot be resumed, and the first one for each path is WATCHING.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema =
                  @Schema(
                      oneOf = {
                        SandboxEvent.class,
                        EventData.Gap.class,
                        EventData.FileChanged.class
                      }),
              examples = @ExampleObject(EXAMPLE)))
  void ofOne(
      @PathVariable String id,
      @Parameter(description = "Types of events to return") @RequestParam(required = false)
          @Nullable List<@Pattern(regexp = TYPE, message = "must be one of " + TYPE) String> type,
      @RequestParam(required = false) @Min(0) @Nullable Long after,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable Long lastEventId,
      @Parameter(description = "Files and directories to watch; the sandbox must be READY")
          @RequestParam(required = false)
          @Nullable List<@Pattern(regexp = "/.*", message = "must be an absolute path") String>
              watch,
      @Parameter(description = "Whether to watch directories inside watched ones, too")
          @RequestParam(defaultValue = "true")
          boolean recursive,
      HttpServletResponse response)
      throws IOException {
    SandboxId known = SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
    long begin = begin(after, lastEventId);
    Instant created = sandboxes.get(known).life().createdAt();
    Set<String> types = type == null ? Set.of() : Set.copyOf(type);
    EventReading reading =
        new EventReading(
            log, new EventLog.Wanted(known, types), created, () -> sandboxes.isOver(known));
    try (FileWatches watches =
        watch == null || watch.isEmpty()
            ? FileWatches.NONE
            : FileWatches.open(ready(known), watch, recursive)) {
      follow(reading, begin, response, watches);
    }
  }

  private Supervisor ready(SandboxId id) {
    SandboxState state = sandboxes.get(id).state();
    if (state != SandboxState.READY) {
      throw new SandboxException.NotReady(id, state);
    }
    return sandboxes.supervisor(id);
  }

  private long begin(@Nullable Long after, @Nullable Long lastEventId) {
    return lastEventId != null ? lastEventId : after != null ? after : log.last();
  }

  private void follow(
      EventReading reading, long begin, HttpServletResponse response, FileWatches watches)
      throws IOException {
    Thread reader = Thread.currentThread();
    try (EventStream stream = streams.events(response, reader::interrupt)) {
      watches.tell(stream);
      reading.read(begin, stream);
    } catch (InterruptedException e) {
      // The service stops, or the client is gone: either way the reading is over.
    }
  }
}
