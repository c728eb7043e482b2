package dev.caisson.docker.command;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.docker.HeaderValues;
import dev.caisson.process.InlineText;
import dev.caisson.process.ProcessAnswer;
import dev.caisson.process.ProcessStarts;
import dev.caisson.process.StartKey;
import dev.caisson.sandbox.SandboxId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * The endpoints that build images in a sandbox, by BuildKit: from a directory there, or from a tar
 * that comes along.
 */
@Tag(name = "Docker")
@RestController
@RequestMapping("/v1/sandboxes/{id}/docker")
class BuildController {
  private static final String ARGS = "Caisson-Build-Args";
  private static final String SECRETS = "Caisson-Build-Secrets";
  private static final String TAR = "application/x-tar";

  private final Operations operations;
  private final JsonMapper json;

  BuildController(Operations operations, JsonMapper json) {
    this.operations = operations;
    this.json = json;
  }

  @Operation(
      operationId = "buildImage",
      summary = "Build an image in the sandbox",
      description =
          "Starts `docker build` as a process and answers like every process start; the progress of"
              + " the build is on stderr.")
  @StartsProcess
  @PostMapping(path = "/build", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<ProcessAnswer> build(
      @PathVariable String id,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @org.springframework.web.bind.annotation.RequestBody BuildRequest request) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), operations.start(sandbox, key, request, text));
  }

  @Operation(
      operationId = "buildImageOfTar",
      summary = "Build an image from an uploaded context",
      description =
          "The body is a tar, compressed or not, which is passed to the build as it arrives: it can"
              + " have any size, and is not stored in the sandbox. If the upload breaks off, the"
              + " build ends.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(mediaType = TAR, schema = @Schema(type = "string", format = "binary"))))
  @StartsProcess
  @PostMapping(path = "/build", consumes = TAR)
  ResponseEntity<ProcessAnswer> buildOfTar(
      @PathVariable String id,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @ParameterObject BuildUpload query,
      @Parameter(description = "Base64 of a JSON object: build arguments by name")
          @RequestHeader(name = ARGS, required = false)
          @Nullable String buildArgs,
      @Parameter(description = "Base64 of a JSON object: build secrets by ID")
          @RequestHeader(name = SECRETS, required = false)
          @Nullable String secrets,
      HttpServletRequest request)
      throws IOException {
    DockerOperation build =
        query.with(HeaderValues.of(json, ARGS, buildArgs), HeaderValues.of(json, SECRETS, secrets));
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox,
        build.background(),
        operations.start(sandbox, key, build, text, request.getInputStream()));
  }
}
