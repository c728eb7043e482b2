package dev.caisson.docker.compose;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.docker.command.Operations;
import dev.caisson.docker.command.StartsProcess;
import dev.caisson.process.InlineText;
import dev.caisson.process.ProcessAnswer;
import dev.caisson.process.ProcessStarts;
import dev.caisson.process.StartKey;
import dev.caisson.sandbox.SandboxId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The endpoints of compose operations on a project, each a process of the sandbox. */
@Tag(name = "Docker")
@RestController
@RequestMapping("/v1/sandboxes/{id}/docker/compose/{project}")
class ComposeProcessController {
  private static final String PROJECT = "Project name, of lowercase letters, digits, _ and -";

  private final Operations operations;

  ComposeProcessController(Operations operations) {
    this.operations = operations;
  }

  @Operation(
      operationId = "composeUp",
      summary = "Start a compose project",
      description =
          "Starts `docker compose up` as a process. Several projects can run side by side, each"
              + " under its own name.")
  @StartsProcess
  @PostMapping("/up")
  ResponseEntity<ProcessAnswer> up(
      @PathVariable String id,
      @Parameter(description = PROJECT, example = "shop") @PathVariable String project,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody ComposeUpRequest request) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), operations.start(sandbox, key, request.of(project), text));
  }

  @Operation(
      operationId = "composeDown",
      summary = "Stop and remove a compose project",
      description =
          "Starts `docker compose down` as a process. It finds what belongs to the project by its"
              + " labels, with or without a source.")
  @StartsProcess
  @PostMapping("/down")
  ResponseEntity<ProcessAnswer> down(
      @PathVariable String id,
      @Parameter(description = PROJECT, example = "shop") @PathVariable String project,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody ComposeDownRequest request) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), operations.start(sandbox, key, request.of(project), text));
  }

  @Operation(
      operationId = "composePs",
      summary = "List the containers of a compose project",
      description =
          "Starts `docker compose ps` as a process; `GET …/docker/compose/{project}` returns the"
              + " same in a typed answer.")
  @StartsProcess
  @PostMapping("/ps")
  ResponseEntity<ProcessAnswer> ps(
      @PathVariable String id,
      @Parameter(description = PROJECT, example = "shop") @PathVariable String project,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody ComposePsRequest request) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), operations.start(sandbox, key, request.of(project), text));
  }

  @Operation(
      operationId = "composeLogs",
      summary = "Read the output of a compose project",
      description = "Starts `docker compose logs` as a process.")
  @StartsProcess
  @PostMapping("/logs")
  ResponseEntity<ProcessAnswer> logs(
      @PathVariable String id,
      @Parameter(description = PROJECT, example = "shop") @PathVariable String project,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody ComposeLogsRequest request) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), operations.start(sandbox, key, request.of(project), text));
  }

  @Operation(
      operationId = "composeBuild",
      summary = "Build the images of a compose project",
      description = "Starts `docker compose build` as a process.")
  @StartsProcess
  @PostMapping("/build")
  ResponseEntity<ProcessAnswer> build(
      @PathVariable String id,
      @Parameter(description = PROJECT, example = "shop") @PathVariable String project,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody ComposeBuildRequest request) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), operations.start(sandbox, key, request.of(project), text));
  }
}
