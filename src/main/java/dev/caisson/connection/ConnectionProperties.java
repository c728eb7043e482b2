package dev.caisson.connection;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Bounds of connections, before a key has been shown.
 *
 * @param perAddress the most connections at once from one address, other than the loopback's; 0 for
 *     no bound. Behind a proxy all clients have its address
 * @param head the time in which a request's line and headers must have come
 */
@Validated
@ConfigurationProperties("caisson.connections")
record ConnectionProperties(
    @DefaultValue("512") @Min(0) int perAddress,
    @DefaultValue("PT15S") @DurationMin(seconds = 1) Duration head) {}
