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
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Client certificates over HTTP; only callers with a key get here. */
@RestController
@Tag(name = "Grants")
class CertificateController {
  private final DockerCertificates certificates;
  private final Sandboxes sandboxes;

  CertificateController(DockerCertificates certificates, Sandboxes sandboxes) {
    this.certificates = certificates;
    this.sandboxes = sandboxes;
  }

  @PostMapping("/v1/sandboxes/{id}/docker/certificates")
  @Operation(
      operationId = "createDockerCertificate",
      summary = "Create a client certificate for a sandbox's Docker daemon",
      description =
          "For clients that are configured with DOCKER_HOST, DOCKER_TLS_VERIFY and"
              + " DOCKER_CERT_PATH. The certificate comes with a grant that has no token; once that"
              + " grant is revoked, the certificate is no longer accepted. Available if the service"
              + " has a port for certificates, otherwise 403 CERTIFICATES_DISABLED.")
  @ApiResponse(responseCode = "201", description = "The certificate is valid")
  ResponseEntity<CertificateAnswer> create(
      @PathVariable String id,
      @Valid @RequestBody CertificateRequest wanted,
      HttpServletRequest request) {
    SandboxId known = SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
    DockerAddress address = certificates.address(Origin.of(request));
    if (address == null) {
      throw new GrantException.NoCertificates(id);
    }
    Sandbox sandbox = sandboxes.get(known);
    if (sandbox.state().isTerminal() || sandbox.state() == SandboxState.ENDING) {
      throw new SandboxException.NotReady(sandbox.id(), sandbox.state());
    }
    DockerCertificates.Issued issued = certificates.issue(id, wanted.life(), wanted.key());
    return ResponseEntity.created(
            URI.create("/v1/sandboxes/" + id + "/grants/" + issued.grant().id()))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .body(
            new CertificateAnswer(
                issued.grant().id(),
                id,
                issued.grant().expiresAt(),
                address.dockerHost(),
                issued.signed().ca(),
                issued.signed().certificate(),
                issued.signed().key()));
  }
}
