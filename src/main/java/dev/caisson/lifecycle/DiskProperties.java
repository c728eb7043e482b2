package dev.caisson.lifecycle;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings that keep the disk of the host from being used up.
 *
 * @param refuseBelow part of 1 that must be free on the file systems of {@code CAISSON_HOME} and of
 *     the engine for a sandbox to be made; with 0 one always is
 * @param endBelow part of 1 that must be free there for sandboxes to stay: below it the largest is
 *     ended, and the next; 0 for never
 * @param look time between two looks at what is free, which cost nothing
 * @param measure longest time between two measurements of what a sandbox keeps, which read every
 *     directory of it; sooner where so much of the host's disk went that it may be over its limit,
 *     later where a measurement took long
 */
@Validated
@ConfigurationProperties("caisson.disk")
public record DiskProperties(
    @DefaultValue("0.05") @DecimalMin("0") @DecimalMax("1") double refuseBelow,
    @DefaultValue("0.02") @DecimalMin("0") @DecimalMax("1") double endBelow,
    @DefaultValue("1s") @NotNull Duration look,
    @DefaultValue("1m") @NotNull Duration measure) {}
