package dev.caisson.lifecycle;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the queue in which sandboxes are started cold.
 *
 * @param atOnce how many are started at the engine at one time; with 0 as many as suit the
 *     processors of the engine's host
 * @param most how many creates may be there, waiting or under way, before others are refused
 * @param longestTurn longest time for which a start counts as one of these; then the next begins
 * @param removalPatience longest time for which the removal of an ended sandbox waits for a moment
 *     in which none is started
 * @param refillPatience longest time for which a pool that lacks sandboxes waits for such a moment
 * @param quiet time without a create that must have passed before a pool is filled
 */
@Validated
@ConfigurationProperties("caisson.starts")
public record StartsProperties(
    @DefaultValue("0") @PositiveOrZero int atOnce,
    @DefaultValue("1000") @Positive int most,
    @DefaultValue("10s") @NotNull Duration longestTurn,
    @DefaultValue("5s") @NotNull Duration removalPatience,
    @DefaultValue("1m") @NotNull Duration refillPatience,
    @DefaultValue("500ms") @NotNull Duration quiet) {}
