package dev.caisson.forward;

import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.jspecify.annotations.Nullable;
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

/** The endpoints of forwards. */
@RestController
@RequestMapping("/v1/sandboxes/{id}")
@Tag(
    name = "Forwards",
    description = "Addresses on the service's own host that lead into a sandbox, without a key.")
class ForwardController {
  private final Forwards forwards;

  ForwardController(Forwards forwards) {
    this.forwards = forwards;
  }

  @PostMapping("/forwards")
  @Operation(
      operationId = "createForward",
      summary = "Forward one port of the sandbox",
      description =
          "Carries raw TCP, for databases and everything else that is not HTTP. The address needs"
              + " no key: it is on the loopback interface unless the operator configures another,"
              + " and closes with the sandbox or the service.")
  @ApiResponse(responseCode = "201", description = "The forward is open")
  ResponseEntity<ForwardAnswer> open(
      @PathVariable String id, @Valid @RequestBody ForwardRequest wanted) {
    PortForward made =
        forwards.open(known(id), wanted.port(), wanted.listen() == null ? 0 : wanted.listen());
    return ResponseEntity.created(URI.create("/v1/sandboxes/" + id + "/forwards/" + made.id()))
        .body(ForwardAnswer.from(made));
  }

  @GetMapping("/forwards")
  @Operation(operationId = "listForwards", summary = "List the forwards of single ports")
  ForwardList list(@PathVariable String id) {
    return new ForwardList(forwards.list(known(id)).stream().map(ForwardAnswer::from).toList());
  }

  @DeleteMapping("/forwards/{forward}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "deleteForward",
      summary = "Close a forward and cut the connections made through it")
  void close(@PathVariable String id, @PathVariable String forward) {
    forwards.close(known(id), forward);
  }

  @PostMapping("/docker/forward")
  @Operation(
      operationId = "forwardDocker",
      summary = "Forward published ports to an address of the sandbox's own",
      description =
          "The service listens on a loopback address (127.x.y.z) that belongs to this sandbox"
              + " alone, on the port numbers that its containers publish, as they come and go: what"
              + " Docker reports about a port is true at that address. Repeating the request"
              + " returns the existing forward.")
  DockerForwardAnswer follow(
      @PathVariable String id,
      @Valid @RequestBody(required = false) @Nullable DockerForwardRequest wanted) {
    return DockerForwardAnswer.from(
        forwards.follow(known(id), wanted != null && Boolean.TRUE.equals(wanted.engine())));
  }

  @GetMapping("/docker/forward")
  @Operation(
      operationId = "getDockerForward",
      summary = "Get the sandbox's own address and the ports that listen there")
  DockerForwardAnswer followed(@PathVariable String id) {
    SandboxId sandbox = known(id);
    DockerForward known = forwards.followed(sandbox);
    if (known == null) {
      throw new ForwardException.NotFound(sandbox, "forwarded Docker");
    }
    return DockerForwardAnswer.from(known);
  }

  @DeleteMapping("/docker/forward")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "deleteDockerForward",
      summary =
          "Close the sandbox's own address and cut the connections made through it (idempotent)")
  void unfollow(@PathVariable String id) {
    forwards.unfollow(known(id));
  }

  private static SandboxId known(String id) {
    return SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
  }
}
