package dev.caisson.pool;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of what pools may cost.
 *
 * @param memoryShare of the host's memory, for all spare sandboxes together
 * @param footprint what one without Docker is reckoned at
 * @param dockerFootprint what one with Docker is reckoned at
 * @param maxAge after which a spare sandbox is replaced
 * @param window after which what was never needed in it is given back
 */
@Validated
@ConfigurationProperties("caisson.pool")
record PoolProperties(
    @DefaultValue("0.25") @DecimalMin("0") @DecimalMax("1") double memoryShare,
    @DefaultValue("48MB") @NotNull DataSize footprint,
    @DefaultValue("192MB") @NotNull DataSize dockerFootprint,
    @DefaultValue("6h") @NotNull Duration maxAge,
    @DefaultValue("5m") @NotNull Duration window) {}
