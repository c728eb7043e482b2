package dev.caisson.access;

import dev.caisson.certificate.ClientKeys;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Size;
import java.security.PublicKey;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** A request for a client certificate: for how long, and for which key. */
@Schema(name = "DockerCertificateRequest")
record CertificateRequest(
    @Schema(type = "string", example = "PT1H", defaultValue = "PT1H")
        @DurationMin(seconds = 1, message = "must be at least PT1S")
        @DurationMax(days = 7, message = "must be at most P7D")
        @Nullable Duration ttl,
    @Schema(
            description =
                "Public key of a key pair that the client has made, EC or RSA, in the format of"
                    + " `openssl pkey -pubout`; if it is absent, the service makes a key pair and"
                    + " returns the private key once",
            example = "-----BEGIN PUBLIC KEY-----…")
        @Size(max = 8192, message = "must have at most 8192 characters")
        @Nullable String publicKey) {

  @AssertTrue(
      message =
          "must be an EC key of at least 256 bits, or an RSA key of 2048 to 8192 bits, as PEM")
  @Schema(hidden = true)
  boolean isPublicKey() {
    return publicKey == null || key() != null;
  }

  Duration life() {
    return ttl == null ? GrantRequest.HOUR : ttl;
  }

  @Nullable PublicKey key() {
    return publicKey == null ? null : ClientKeys.read(publicKey);
  }
}
