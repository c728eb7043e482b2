package dev.caisson.ports;

import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How ports are reached.
 *
 * @param domain below which each port has a host name, {@code PORT-SANDBOX.domain}; unset, none has
 */
@Validated
@ConfigurationProperties("caisson.ports")
public record PortsProperties(
    @Nullable
        @Pattern(
            regexp = "[a-z0-9]([a-z0-9.-]*[a-z0-9])?",
            message = "must be a domain in lower case, without a port")
        String domain) {}
