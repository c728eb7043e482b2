package dev.caisson.docker;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.proxy.Forwarding;
import dev.caisson.proxy.Proxy;
import dev.caisson.sandbox.SandboxId;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The Docker Engine API of a sandbox's own daemon, for any Docker client. */
@Hidden
@RestController
class EngineController {
  private static final String PREFIX = "/docker/engine";

  private final Daemons daemons;
  private final Proxy proxy;

  EngineController(Daemons daemons, Proxy proxy) {
    this.daemons = daemons;
    this.proxy = proxy;
  }

  @RequestMapping("/v1/sandboxes/{id}/docker/engine/**")
  void pass(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) {
    SandboxId sandbox = sandbox(id);
    // As it was written: image names and filters are encoded as their client knows it.
    String uri = request.getRequestURI();
    String path = uri.substring(uri.indexOf(PREFIX) + PREFIX.length());
    String query = request.getQueryString();
    String target = (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    proxy.pass(daemons.dial(sandbox), Forwarding.plain(target, "docker"), request, response);
  }
}
