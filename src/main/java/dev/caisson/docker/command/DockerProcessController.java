package dev.caisson.docker.command;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.process.InlineText;
import dev.caisson.process.ProcessAnswer;
import dev.caisson.process.ProcessStarts;
import dev.caisson.process.StartKey;
import dev.caisson.sandbox.SandboxId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The endpoints of Docker CLI operations, each a process of the sandbox, once the daemon is ready.
 */
@Tag(name = "Docker")
@RestController
@RequestMapping("/v1/sandboxes/{id}/docker")
class DockerProcessController {
  private final Operations operations;

  DockerProcessController(Operations operations) {
    this.operations = operations;
  }

  @Operation(
      operationId = "pullImage",
      summary = "Pull an image in the sandbox",
      description =
          "Starts `docker pull` as a process and answers like every process start. Progress and"
              + " errors of the CLI are on stderr, results on stdout. If the pull fails and a"
              + " registry mirror does not answer, `advice` names the mirror and says what to do.")
  @StartsProcess
  @PostMapping("/pull")
  ResponseEntity<ProcessAnswer> pull(
      @PathVariable String id,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody PullRequest request) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), operations.start(sandbox, key, request, text));
  }

  @Operation(
      operationId = "pushImage",
      summary = "Push an image from the sandbox",
      description = "Starts `docker push` as a process and answers like every process start.")
  @StartsProcess
  @PostMapping("/push")
  ResponseEntity<ProcessAnswer> push(
      @PathVariable String id,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody PushRequest request) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), operations.start(sandbox, key, request, text));
  }

  @Operation(
      operationId = "runContainer",
      summary = "Run a container in the sandbox",
      description =
          "Starts `docker run` as a process. The output is the container's; with `detach`, stdout"
              + " is the container's ID.")
  @StartsProcess
  @PostMapping("/run")
  ResponseEntity<ProcessAnswer> run(
      @PathVariable String id,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody RunRequest request) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), operations.start(sandbox, key, request, text));
  }

  @Operation(
      operationId = "pruneDocker",
      summary = "Remove unused Docker data",
      description =
          "Runs `docker … prune` for each selected kind of data, one process after the other. Their"
              + " output lists what was removed.")
  @ApiResponse(
      responseCode = "200",
      description = "All processes have ended",
      useReturnTypeSchema = true)
  @ApiResponse(responseCode = "409", description = "The sandbox has no Docker daemon")
  @ApiResponse(responseCode = "503", description = "The Docker daemon did not become ready")
  @PostMapping("/prune")
  PruneAnswer prune(
      @PathVariable String id,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody PruneRequest request) {
    return operations.prune(sandbox(id), request, text);
  }

  @Operation(
      operationId = "loginToRegistry",
      summary = "Log in to a registry in the sandbox",
      description =
          "Starts `docker login` as a process, with the password as its input. The credentials are"
              + " kept in the memory of the sandbox, and passed to the CLI, for as long as the"
              + " sandbox lives.")
  @StartsProcess
  @PostMapping("/login")
  ResponseEntity<ProcessAnswer> login(
      @PathVariable String id,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody LoginRequest request) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), operations.start(sandbox, key, request, text));
  }

  @Operation(
      operationId = "logoutOfRegistry",
      summary = "Remove the credentials of a registry from the sandbox",
      description =
          "Removes the credentials that were given in the sandbox; those for all sandboxes (`PUT"
              + " /v1/registries/…`) stay.")
  @StartsProcess
  @PostMapping("/logout")
  ResponseEntity<ProcessAnswer> logout(
      @PathVariable String id,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody LogoutRequest request) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), operations.start(sandbox, key, request, text));
  }
}
