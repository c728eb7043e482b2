package dev.caisson.ports;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** Whether anybody may reach a port. */
@Schema(name = "PortChange")
record PublicRequest(
    @JsonProperty("public") @NotNull(message = "is needed: true or false") @Nullable Boolean open) {}
