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
    @Schema(
            description =
                "Number of sandboxes that the pool keeps at present; follows demand between min and"
                    + " max")
        int target,
    @Schema(description = "Number of sandboxes that can be claimed now") int ready,
    @Schema(description = "Number of sandboxes that are being started") int making,
    @Schema(description = "Number of claims that got a sandbox") long hits,
    @Schema(description = "Number of claims that found the pool empty") long misses,
    @Schema(description = "Reason why the last attempt to fill the pool failed")
        @Nullable String failure) {}
