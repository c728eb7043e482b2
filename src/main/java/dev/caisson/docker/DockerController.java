package dev.caisson.docker;

import dev.caisson.lifecycle.DaemonAnswer;
import dev.caisson.process.OutputPosition;
import dev.caisson.process.ProcessOutput;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The endpoints of a sandbox's Docker daemon. */
@Tag(name = "Docker", description = "The Docker daemon of a sandbox, and operations on it.")
@RestController
@RequestMapping("/v1/sandboxes/{id}/docker")
public class DockerController {
  private final Daemons daemons;
  private final ProcessOutput output;

  DockerController(Daemons daemons, ProcessOutput output) {
    this.daemons = daemons;
    this.output = output;
  }

  /** The state that a caller can wait for. */
  enum Awaited {
    READY
  }

  /** The daemon's two programs; each writes a journal of its name. */
  enum Unit {
    dockerd,
    containerd
  }

  @Operation(
      operationId = "getDocker",
      summary = "Get the state of the Docker daemon",
      description =
          "`waitFor=READY` waits until the daemon is ready, and answers at once if it can no longer"
              + " become ready by itself: FAILED, STOPPED, DISABLED, UNSUPPORTED.")
  @GetMapping
  DaemonAnswer get(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable Awaited waitFor,
      @Parameter(schema = @Schema(type = "string", example = "PT30S", defaultValue = "PT30S"))
          @RequestParam(defaultValue = "PT30S")
          @DurationMin(message = "must not be negative")
          @DurationMax(minutes = 10, message = "must be at most PT10M")
          Duration timeout) {
    SandboxId sandbox = sandbox(id);
    return DaemonAnswer.whole(
        waitFor == Awaited.READY ? daemons.awaitReady(sandbox, timeout) : daemons.get(sandbox));
  }

  @Operation(
      operationId = "startDocker",
      summary = "Start the Docker daemon",
      description =
          "Answers at once with the resulting state. A daemon that has failed is started again.")
  @PostMapping("/start")
  DaemonAnswer start(@PathVariable String id) {
    return DaemonAnswer.whole(daemons.want(sandbox(id), Request.DaemonCommand.START));
  }

  @Operation(
      operationId = "stopDocker",
      summary = "Stop the Docker daemon",
      description = "The daemon stays stopped until it is started.")
  @PostMapping("/stop")
  DaemonAnswer stop(@PathVariable String id) {
    return DaemonAnswer.whole(daemons.want(sandbox(id), Request.DaemonCommand.STOP));
  }

  @Operation(operationId = "restartDocker", summary = "Restart the Docker daemon")
  @PostMapping("/restart")
  DaemonAnswer restart(@PathVariable String id) {
    return DaemonAnswer.whole(daemons.want(sandbox(id), Request.DaemonCommand.RESTART));
  }

  @Operation(
      operationId = "followDockerLog",
      summary = "Read the Docker daemon's log",
      description =
          "Server-sent events like those for a process's output, across all runs of the daemon;"
              + " with `raw`, plain text from the first line that is kept.")
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(
            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
            schema = @Schema(ref = "#/components/schemas/OutputEvent")),
        @Content(mediaType = MediaType.TEXT_PLAIN_VALUE, schema = @Schema(type = "string")),
        @Content(
            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
            schema = @Schema(type = "string", format = "binary"))
      })
  @GetMapping("/log")
  void log(
      @PathVariable String id,
      @RequestParam(defaultValue = "dockerd") Unit unit,
      @RequestParam(defaultValue = "false") boolean raw,
      @RequestParam(defaultValue = "false") boolean follow,
      @Parameter(description = "ID of the event after which to begin")
          @RequestParam(required = false)
          @Nullable String after,
      @Parameter(
              description = "ID of the event after which to begin; takes precedence over `after`")
          @RequestHeader(name = "Last-Event-ID", required = false)
          @Nullable String lastEventId,
      HttpServletRequest request,
      HttpServletResponse response) {
    SandboxId sandbox = sandbox(id);
    daemons.requireEnabled(sandbox);
    if (raw) {
      output.plain(sandbox, unit.name(), follow, request, response);
    } else {
      OutputPosition position = OutputPosition.of(lastEventId, after);
      output.events(sandbox, unit.name(), position, follow, false, response);
    }
  }

  /** Parses the id of a sandbox; a text that cannot be one is reported as not found, too. */
  public static SandboxId sandbox(String id) {
    return SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
  }
}
