package dev.caisson.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A grant as its owner sees it. */
@Schema(name = "Grant")
@JsonInclude(JsonInclude.Include.NON_NULL)
record GrantAnswer(
    @Schema(example = "k7m2p9w3xh") String id,
    String sandbox,
    Grant.Scope scope,
    @Nullable Integer port,
    Instant expiresAt,
    @Schema(description = "Token, shown only when the grant is created") @Nullable String token,
    @Schema(
            description =
                "URLs at which the token is used, by name; shown with the token. For Docker: with a"
                    + " host name if the service has a domain, otherwise with a path",
            example = "{\"dockerHost\": \"tcp://127.0.0.1:8080/v1/docker/TOKEN\"}")
        @Nullable Map<String, String> urls) {

  static GrantAnswer from(Grant grant) {
    return new GrantAnswer(
        grant.id(), grant.sandbox(), grant.scope(), grant.port(), grant.expiresAt(), null, null);
  }
}
