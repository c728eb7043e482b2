package dev.caisson.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A client certificate, and all that a Docker client is given with it. */
@Schema(name = "DockerCertificate")
@JsonInclude(JsonInclude.Include.NON_NULL)
record CertificateAnswer(
    @Schema(description = "The id of the grant by which it is good", example = "k7m2p9w3xh")
        String grant,
    String sandbox,
    @Schema(description = "When both are over") Instant expiresAt,
    @Schema(
            description = "For DOCKER_HOST, with DOCKER_TLS_VERIFY=1",
            example = "tcp://127.0.0.1:2376")
        String dockerHost,
    @Schema(description = "The file ca.pem of DOCKER_CERT_PATH") String ca,
    @Schema(description = "The file cert.pem") String cert,
    @Schema(
            description =
                "The file key.pem, shown here and never again; absent where the client has made"
                    + " the key")
        @Nullable String key) {
  /** Leaves the key out. */
  @Override
  public String toString() {
    return "CertificateAnswer[" + grant + ", until " + expiresAt + "]";
  }
}
