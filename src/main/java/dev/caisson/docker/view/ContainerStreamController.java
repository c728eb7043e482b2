package dev.caisson.docker.view;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.docker.DaemonApi;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.streams.CutOff;
import dev.caisson.streams.EventStream;
import dev.caisson.streams.Streams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.PositiveOrZero;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The endpoints of a container's output, and of what it uses, once or as it goes on. */
@Tag(name = "Docker")
@RestController
@RequestMapping("/v1/sandboxes/{id}/docker/containers/{container}")
class ContainerStreamController {
  private static final Logger log = LoggerFactory.getLogger(ContainerStreamController.class);
  private static final String NAME = "Name or ID of the container";
  private static final int LONGEST_LINE = 1 << 20;

  private final DaemonApi api;
  private final Streams streams;
  private final JsonMapper json;

  ContainerStreamController(DaemonApi api, Streams streams, JsonMapper json) {
    this.api = api;
    this.streams = streams;
    this.json = json;
  }

  @Operation(
      operationId = "readContainerLogs",
      summary = "Read a container's output",
      description =
          "Server-sent events: `output` carries `{stream, data}`, and the last event is `end`; a"
              + " stream that stops without it was interrupted. With `raw`, plain text with both"
              + " streams in order.")
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(
            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
            schema = @Schema(oneOf = {ContainerEvent.Piece.class, ContainerEvent.End.class})),
        @Content(mediaType = MediaType.TEXT_PLAIN_VALUE, schema = @Schema(type = "string"))
      })
  @GetMapping("/logs")
  void logs(
      @PathVariable String id,
      @Parameter(description = NAME, example = "web") @PathVariable String container,
      @RequestParam(defaultValue = "false") boolean raw,
      @Parameter(description = "Whether to follow the output until the container ends")
          @RequestParam(defaultValue = "false")
          boolean follow,
      @Parameter(description = "Number of lines from the end of the output")
          @RequestParam(required = false)
          @PositiveOrZero
          @Nullable Integer tail,
      @Parameter(
              description = "Time of the earliest output to return",
              example = "2026-01-02T03:04:05Z")
          @RequestParam(required = false)
          @Nullable Instant since,
      @Parameter(description = "Whether to put a timestamp before each line")
          @RequestParam(defaultValue = "false")
          boolean timestamps,
      HttpServletRequest request,
      HttpServletResponse response) {
    SandboxId sandbox = sandbox(id);
    String query =
        "/logs?stdout=1&stderr=1&follow=%s&timestamps=%s&tail=%s%s"
            .formatted(
                follow,
                timestamps,
                tail == null ? "all" : tail,
                since == null
                    ? ""
                    : "&since=%d.%09d".formatted(since.getEpochSecond(), since.getNano()));
    try (DaemonApi.Following answer =
        api.open(sandbox, DaemonViews.path(sandbox, container, query))) {
      ContainerOutput output = new ContainerOutput(answer.content(), answer.type());
      if (raw) {
        plain(output, request, response);
      } else {
        events(output, answer, response);
      }
    }
  }

  private void events(
      ContainerOutput output, DaemonApi.Following answer, HttpServletResponse response) {
    try (EventStream events = streams.events(response, answer::close)) {
      for (ContainerOutput.Piece piece = output.next(); piece != null; piece = output.next()) {
        events.send(null, "output", ContainerEvent.Piece.of(piece.stream(), output.text(piece)));
      }
      if (!events.ended()) {
        events.send(null, "end", new ContainerEvent.End());
      }
    } catch (IOException e) {
      log.atTrace().log("client or source of a container's output is gone");
    }
  }

  private static void plain(
      ContainerOutput output, HttpServletRequest request, HttpServletResponse response) {
    try {
      response.setContentType("text/plain;charset=UTF-8");
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.flushBuffer();
      OutputStream out = response.getOutputStream();
      for (ContainerOutput.Piece piece = output.next(); piece != null; piece = output.next()) {
        out.write(piece.bytes());
        out.flush();
      }
    } catch (IOException e) {
      CutOff.mark(request);
    }
  }

  @Operation(
      operationId = "getContainerStats",
      summary = "Get the resource usage of a container",
      description =
          "One sample, which takes a second to compare processor time; with `follow`, server-sent"
              + " events `stats`, one per second until the container ends, then `end`.")
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = ContainerStats.class)),
        @Content(
            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
            schema = @Schema(implementation = ContainerStats.class))
      })
  @GetMapping("/stats")
  void stats(
      @PathVariable String id,
      @Parameter(description = NAME, example = "web") @PathVariable String container,
      @RequestParam(defaultValue = "false") boolean follow,
      HttpServletResponse response)
      throws IOException {
    SandboxId sandbox = sandbox(id);
    String path = DaemonViews.path(sandbox, container, "/stats?stream=" + follow);
    if (!follow) {
      ContainerStats sample = ContainerStats.from(api.get(sandbox, path));
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      response.getOutputStream().write(json.writeValueAsBytes(sample));
      return;
    }
    try (DaemonApi.Following answer = api.open(sandbox, path)) {
      samples(answer, response);
    }
  }

  private void samples(DaemonApi.Following answer, HttpServletResponse response) {
    try (EventStream events = streams.events(response, answer::close)) {
      for (byte[] line = line(answer.content()); line.length > 0; line = line(answer.content())) {
        events.send(null, "stats", ContainerStats.from(json.readTree(line)));
      }
      if (!events.ended()) {
        events.send(null, "end", new ContainerEvent.End());
      }
    } catch (IOException | JacksonException e) {
      log.atTrace().log("client or source of a container's figures is gone");
    }
  }

  /** Reads the next line, bounded like all that comes out of a sandbox; empty at the end. */
  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
      if (line.size() > LONGEST_LINE) {
        throw new IOException("a line is out of bounds");
      }
    }
    return line.toByteArray();
  }
}
