package dev.caisson.forward;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** A request to forward a port, with the port to listen on. */
record ForwardRequest(
    @Schema(description = "Port in the sandbox", example = "5432")
        @NotNull(message = "is required")
        @Min(1)
        @Max(65535)
        Integer port,
    @Schema(description = "Port on the service's host; 0 for a free one", defaultValue = "0")
        @Min(0)
        @Max(65535)
        @Nullable Integer listen) {}
