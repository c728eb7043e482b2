package dev.caisson.access;

import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Grants over HTTP; only callers with a key get here. */
@RestController
@RequestMapping("/v1/sandboxes/{id}/grants")
@Tag(
    name = "Grants",
    description = "Short-lived tokens, each for the Docker daemon or one port of a sandbox.")
class GrantController {
  private final Grants grants;
  private final Sandboxes sandboxes;
  private final DockerNames names;

  GrantController(Grants grants, Sandboxes sandboxes, DockerNames names) {
    this.grants = grants;
    this.sandboxes = sandboxes;
    this.names = names;
  }

  @PostMapping
  @Operation(
      operationId = "createGrant",
      summary = "Grant access to the Docker daemon or one port of a sandbox",
      description =
          "The token gives access to anyone who has it. It is returned only in this answer: the"
              + " service keeps only its hash. The grant ends when its ttl is over, when it is"
              + " revoked, or with the sandbox; connections made with it are then cut.")
  @ApiResponse(responseCode = "201", description = "The grant is valid")
  ResponseEntity<GrantAnswer> create(
      @PathVariable String id,
      @Valid @RequestBody GrantRequest wanted,
      HttpServletRequest request) {
    Sandbox sandbox = sandboxes.get(known(id));
    if (sandbox.state().isTerminal() || sandbox.state() == SandboxState.ENDING) {
      throw new SandboxException.NotReady(sandbox.id(), sandbox.state());
    }
    Grant.Scope scope = wanted.scope();
    Grants.Issued issued = grants.issue(id, scope, wanted.port(), wanted.life());
    return ResponseEntity.created(URI.create("/v1/sandboxes/" + id + "/grants/" + issued.id()))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .body(
            new GrantAnswer(
                issued.id(),
                id,
                scope,
                wanted.port(),
                issued.expiresAt(),
                issued.token(),
                urls(scope, issued, Origin.of(request))));
  }

  private Map<String, String> urls(Grant.Scope scope, Grants.Issued issued, Origin origin) {
    return switch (scope) {
      case DOCKER -> {
        DockerAddress address = names.address(issued, origin);
        yield Map.of("dockerHost", address.dockerHost(), "url", address.url());
      }
      case PORT -> Map.of();
    };
  }

  @GetMapping
  @Operation(operationId = "listGrants", summary = "List a sandbox's grants, without their tokens")
  GrantList list(@PathVariable String id) {
    sandboxes.get(known(id));
    return new GrantList(grants.list(id).stream().map(GrantAnswer::from).toList());
  }

  @DeleteMapping("/{grant}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "revokeGrant",
      summary = "Revoke a grant and cut the connections made with it")
  void revoke(@PathVariable String id, @PathVariable String grant) {
    sandboxes.get(known(id));
    grants.revoke(id, grant);
  }

  private static SandboxId known(String id) {
    return SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
  }
}
