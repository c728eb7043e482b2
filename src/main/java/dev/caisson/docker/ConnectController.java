package dev.caisson.docker;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.access.DockerCertificates;
import dev.caisson.access.DockerNames;
import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.access.Origin;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The endpoint that gives the users of Docker clients the lines to paste. */
@RestController
@Tag(name = "Docker")
class ConnectController {
  private final Daemons daemons;
  private final Grants grants;
  private final DockerNames names;
  private final DockerCertificates certificates;

  ConnectController(
      Daemons daemons, Grants grants, DockerNames names, DockerCertificates certificates) {
    this.daemons = daemons;
    this.grants = grants;
    this.names = names;
    this.certificates = certificates;
  }

  @GetMapping("/v1/sandboxes/{id}/docker/connect")
  @Operation(
      operationId = "connectDocker",
      summary = "Get the lines to paste for each Docker client",
      description =
          "Each request creates a grant, whose token is in the lines; it expires after `ttl`. With"
              + " `Accept: text/plain` the answer is plain text.")
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = ConnectAnswer.class)),
        @Content(mediaType = MediaType.TEXT_PLAIN_VALUE, schema = @Schema(type = "string"))
      })
  ResponseEntity<Object> connect(
      @PathVariable String id,
      @Parameter(schema = @Schema(type = "string", example = "PT1H", defaultValue = "PT1H"))
          @RequestParam(defaultValue = "PT1H")
          @DurationMin(seconds = 1, message = "must be at least PT1S")
          @DurationMax(days = 7, message = "must be at most P7D")
          Duration ttl,
      @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "*/*")
          String accept,
      HttpServletRequest request) {
    SandboxId sandbox = sandbox(id);
    Sandbox now = daemons.requireEnabled(sandbox);
    if (now.state().isTerminal() || now.state() == SandboxState.ENDING) {
      throw new SandboxException.NotReady(sandbox, now.state());
    }
    Grants.Issued issued = grants.issue(id, Grant.Scope.DOCKER, null, ttl);
    Origin origin = Origin.of(request);
    ConnectAnswer answer =
        ConnectAnswer.of(
            sandbox,
            issued,
            origin,
            names.byPath(issued, origin),
            names.named(issued, origin),
            certificates.address(origin),
            DockerNames.isNamedByItself(request));
    ResponseEntity.BodyBuilder begun =
        ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "no-store");
    return wantsText(accept)
        ? begun.contentType(MediaType.TEXT_PLAIN).body(answer.text())
        : begun.contentType(MediaType.APPLICATION_JSON).body(answer);
  }

  private static boolean wantsText(String accept) {
    List<MediaType> wanted = MediaType.parseMediaTypes(accept);
    return !wanted.isEmpty() && wanted.getFirst().equalsTypeAndSubtype(MediaType.TEXT_PLAIN);
  }
}
