package dev.caisson.host;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is chosen where a caller says nothing, and why; no value where nothing can be. */
@Schema(name = "HostChoice")
public record Choice(
    @Nullable String value, boolean works, String reason, @Nullable String remedy) {}
