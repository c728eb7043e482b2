package dev.caisson.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A client certificate, and all that a Docker client is given with it. */
@Schema(name = "DockerCertificate")
@JsonInclude(JsonInclude.Include.NON_NULL)
record CertificateAnswer(
    @Schema(
            description = "ID of the grant on which the certificate depends",
            example = "k7m2p9w3xh")
        String grant,
    String sandbox,
    @Schema(description = "Time when the certificate and the grant expire") Instant expiresAt,
    @Schema(
            description = "Value for DOCKER_HOST, with DOCKER_TLS_VERIFY=1",
            example = "tcp://127.0.0.1:2376")
        String dockerHost,
    @Schema(description = "Content of the file ca.pem in DOCKER_CERT_PATH") String ca,
    @Schema(description = "Content of the file cert.pem in DOCKER_CERT_PATH") String cert,
    @Schema(
            description =
                "Content of the file key.pem in DOCKER_CERT_PATH, shown only in this answer; absent"
                    + " if the client has made the key")
        @Nullable String key) {
  /** Leaves the key out. */
  @Override
  public String toString() {
    return "CertificateAnswer[" + grant + ", until " + expiresAt + "]";
  }
}
