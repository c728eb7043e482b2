package dev.caisson.host;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The choice that is made where a caller says nothing, and its reason; no value where nothing can
 * be chosen.
 */
@Schema(name = "HostChoice")
public record Choice(
    @Nullable String value, boolean works, String reason, @Nullable String remedy) {}
