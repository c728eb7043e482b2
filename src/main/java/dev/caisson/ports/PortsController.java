package dev.caisson.ports;

import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The endpoints of a sandbox's ports; a path below one, after a slash, belongs to the listener
 * there.
 */
@Tag(name = "Ports", description = "Listening ports of a sandbox, and access to them.")
@RestController
@RequestMapping("/v1/sandboxes/{id}")
class PortsController {
  private final Ports ports;
  private final Routes routes;
  private final Grants grants;

  PortsController(Ports ports, Routes routes, Grants grants) {
    this.ports = ports;
    this.routes = routes;
    this.grants = grants;
  }

  @Operation(
      operationId = "listPorts",
      summary = "List the listening ports of a sandbox",
      description =
          "Lists the ports of the sandbox's processes and those that its inner containers publish,"
              + " but not those of the sandbox's own supervisor and Docker daemon. A public port is"
              + " listed even if nothing listens on it.")
  @GetMapping("/ports")
  PortList list(@PathVariable String id, HttpServletRequest request) {
    SandboxId sandbox = sandbox(id);
    return new PortList(
        ports.list(sandbox).stream().map(found -> answer(sandbox, found, request)).toList());
  }

  @Operation(operationId = "getPort", summary = "Get what listens on a port, and its URLs")
  @GetMapping("/ports/{port}")
  PortList get(@PathVariable String id, @PathVariable int port, HttpServletRequest request) {
    Port wanted = port(id, port);
    List<Listening> found =
        ports.list(wanted.sandbox()).stream().filter(each -> each.port() == port).toList();
    List<Listening> shown = found.isEmpty() ? List.of(Listening.nobody(port)) : found;
    return new PortList(
        shown.stream().map(each -> answer(wanted.sandbox(), each, request)).toList());
  }

  @Operation(
      operationId = "putPort",
      summary = "Make a port public, or private again",
      description =
          "A public port can be reached by its URL, without a key or link. It stays public until it"
              + " is changed, or the sandbox ends. Its tunnel still needs a key or a link.")
  @PutMapping("/ports/{port}")
  PortList put(
      @PathVariable String id,
      @PathVariable int port,
      @Valid @RequestBody PublicRequest wanted,
      HttpServletRequest request) {
    ports.setPublic(port(id, port), wanted.open());
    return get(id, port, request);
  }

  @Operation(
      operationId = "createLink",
      summary = "Create a link to a port",
      description =
          "The link gives access to the port and its tunnel until it expires. It is a grant: `GET"
              + " …/grants` lists it, `DELETE …/grants/{grant}` revokes it. A browser that opens"
              + " the link receives a cookie for the port, and is redirected to the URL without the"
              + " token.")
  @ApiResponse(responseCode = "201", description = "The link, shown only in this answer")
  @PostMapping("/links")
  ResponseEntity<LinkAnswer> link(
      @PathVariable String id, @Valid @RequestBody LinkRequest wanted, HttpServletRequest request) {
    Port port = port(id, wanted.port());
    ports.ready(port.sandbox());
    Grants.Issued issued = grants.issue(id, Grant.Scope.PORT, port.number(), wanted.life());
    return ResponseEntity.created(URI.create("/v1/sandboxes/" + id + "/grants/" + issued.id()))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .body(LinkAnswer.from(issued, port, urls(port, request), wanted.path()));
  }

  /**
   * Refuses a path that names no possible port; a path that leads to a port is passed on before.
   */
  @Hidden
  @RequestMapping({"/ports/{port}/**", "/tunnels/{port}/**"})
  void none(@PathVariable String id, @PathVariable int port) {
    port(id, port);
    throw new PortsException.Invalid(
        "port", "must be written as a number from 1 to 65535, without anything before it");
  }

  private PortAnswer answer(SandboxId sandbox, Listening found, HttpServletRequest request) {
    Port port = new Port(sandbox, found.port());
    return PortAnswer.from(found, ports.isPublic(port), urls(port, request));
  }

  private PortUrls urls(Port port, HttpServletRequest request) {
    return routes.urls(port, Address.of(request));
  }

  /** Returns the port of this number in the sandbox of this id. */
  static Port port(String id, int number) {
    if (!Port.isPort(number)) {
      throw new PortsException.Invalid("port", "must be from 1 to 65535");
    }
    return new Port(sandbox(id), number);
  }

  private static SandboxId sandbox(String id) {
    return SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
  }
}
