package dev.caisson.docker;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.process.ProcessAnswer;
import dev.caisson.process.Processes;
import dev.caisson.process.StartKey;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Operations of the Docker CLI, each a process of the sandbox, once the daemon is ready. */
@Tag(name = "Docker")
@RestController
@RequestMapping("/v1/sandboxes/{id}/docker")
class DockerProcessController {
  private static final Duration WAIT_FOR_READY = Duration.ofSeconds(60);

  private final Daemons daemons;
  private final Processes processes;

  DockerProcessController(Daemons daemons, Processes processes) {
    this.daemons = daemons;
    this.processes = processes;
  }

  @Operation(
      operationId = "pullImage",
      summary = "Pull an image in the sandbox",
      description =
          "Starts `docker pull` as a process and answers as every start does. Progress and errors"
              + " of the CLI are on stderr, results on stdout.")
  @ApiResponse(responseCode = "200", description = "It has ended.", useReturnTypeSchema = true)
  @ApiResponse(
      responseCode = "201",
      description = "It runs in the background.",
      useReturnTypeSchema = true)
  @ApiResponse(responseCode = "409", description = "The sandbox has no Docker.")
  @ApiResponse(responseCode = "503", description = "The daemon did not become ready.")
  @PostMapping("/pull")
  ResponseEntity<ProcessAnswer> pull(
      @PathVariable String id,
      @Parameter(description = StartKey.DESCRIPTION)
          @RequestHeader(name = StartKey.HEADER, required = false)
          @Nullable String key,
      @Valid @RequestBody PullRequest request) {
    Request.Start start = StartKey.under(key, request.toStart());
    return start(sandbox(id), start, request.waitForReady());
  }

  @Operation(
      operationId = "runContainer",
      summary = "Run a container in the sandbox",
      description =
          "Starts `docker run` as a process: its output is the container's, unless it is detached;"
              + " then stdout is the container's id.")
  @ApiResponse(responseCode = "200", description = "It has ended.", useReturnTypeSchema = true)
  @ApiResponse(
      responseCode = "201",
      description = "It runs in the background.",
      useReturnTypeSchema = true)
  @ApiResponse(responseCode = "409", description = "The sandbox has no Docker.")
  @ApiResponse(responseCode = "503", description = "The daemon did not become ready.")
  @PostMapping("/run")
  ResponseEntity<ProcessAnswer> run(
      @PathVariable String id,
      @Parameter(description = StartKey.DESCRIPTION)
          @RequestHeader(name = StartKey.HEADER, required = false)
          @Nullable String key,
      @Valid @RequestBody RunRequest request) {
    Request.Start start = StartKey.under(key, request.toStart());
    return start(sandbox(id), start, request.waitForReady());
  }

  @Operation(
      operationId = "pruneDocker",
      summary = "Remove what nobody uses",
      description =
          "Runs `docker … prune` for each kind that was chosen, one process after the other; what"
              + " was removed is their output.")
  @ApiResponse(responseCode = "200", description = "All have ended.", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "409", description = "The sandbox has no Docker.")
  @ApiResponse(responseCode = "503", description = "The daemon did not become ready.")
  @PostMapping("/prune")
  PruneAnswer prune(@PathVariable String id, @Valid @RequestBody PruneRequest request) {
    SandboxId known = sandbox(id);
    requireReady(known, request.waitForReady());
    return new PruneAnswer(
        request.toStarts().stream()
            .map(start -> ProcessAnswer.from(processes.run(known, start)))
            .toList());
  }

  private ResponseEntity<ProcessAnswer> start(
      SandboxId id, Request.Start start, @Nullable Duration waitForReady) {
    requireReady(id, waitForReady);
    return ProcessAnswer.start(processes, id, start);
  }

  private void requireReady(SandboxId id, @Nullable Duration waitForReady) {
    daemons.requireReady(id, waitForReady == null ? WAIT_FOR_READY : waitForReady);
  }
}
