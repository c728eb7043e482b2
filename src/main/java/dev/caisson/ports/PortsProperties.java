package dev.caisson.ports;

import dev.caisson.access.HostDomain;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the ways to reach ports.
 *
 * @param domain below which each port has a host name, {@code PORT-SANDBOX.domain}, and each token
 *     for a Docker daemon; unset, none has
 * @param byPath whether each is reached below a path of the service, too, whose origin all of them
 *     share with the console; unset, where there is no domain
 * @param answerTimeout how long what listens may take to begin an answer; then the caller gets 504
 */
@Validated
@ConfigurationProperties("caisson.ports")
public record PortsProperties(
    @Nullable
        @Pattern(
            regexp = "[a-z0-9]([a-z0-9.-]*[a-z0-9])?",
            message = "must be a domain in lower case, without a port")
        String domain,
    @Nullable Boolean byPath,
    @DefaultValue("PT5M") @DurationMin(seconds = 1) Duration answerTimeout)
    implements HostDomain {

  /** Returns whether ports are reached by path. */
  boolean areByPath() {
    return byPath == null ? domain == null : byPath;
  }
}
