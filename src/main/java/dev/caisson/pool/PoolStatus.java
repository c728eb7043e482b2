package dev.caisson.pool;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The status of a pool.
 *
 * @param failure why the last try to fill it failed, null if it did not
 */
@Schema(name = "PoolStatus")
public record PoolStatus(
    int min,
    int max,
    @Schema(description = "How many it keeps at present; follows demand between min and max")
        int target,
    @Schema(description = "How many can be claimed now") int ready,
    @Schema(description = "How many are being brought up") int making,
    @Schema(description = "Claims that got one") long hits,
    @Schema(description = "Claims that found it empty") long misses,
    @Schema(description = "Why the last try to fill it failed") @Nullable String failure) {}
