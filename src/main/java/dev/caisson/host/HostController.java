package dev.caisson.host;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The HTTP edge of the host. */
@RestController
@RequestMapping("/v1/host")
@Tag(name = "Host", description = "The engine's host and what it offers to sandboxes.")
class HostController {
  private final Preflight preflight;
  private final RegistryMirrors mirrors;

  HostController(Preflight preflight, RegistryMirrors mirrors) {
    this.preflight = preflight;
    this.mirrors = mirrors;
  }

  @GetMapping
  @Operation(
      operationId = "getHost",
      summary = "Get what the engine's host supports and what is chosen for sandboxes",
      description =
          "The host is examined when the service starts and when the engine comes back; the request"
              + " waits for that. With `refresh` the host is examined again, which takes seconds."
              + " Registry mirrors are contacted at each request, for two seconds at most.")
  HostReport get(@RequestParam(defaultValue = "false") boolean refresh)
      throws InterruptedException {
    HostReport report = refresh ? preflight.again() : preflight.report();
    return report.with(mirrors.look());
  }
}
