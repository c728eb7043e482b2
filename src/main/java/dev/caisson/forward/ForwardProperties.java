package dev.caisson.forward;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The limits of forwards on this host.
 *
 * @param enabled whether there are any
 * @param address where single ports listen; a client that reaches it needs no key
 * @param mostListeners of each sandbox
 * @param mostConnections of each sandbox, at a time
 */
@Validated
@ConfigurationProperties("caisson.forward")
public record ForwardProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("127.0.0.1") @NotNull String address,
    @DefaultValue("256") @Min(1) int mostListeners,
    @DefaultValue("1024") @Min(1) int mostConnections) {}
