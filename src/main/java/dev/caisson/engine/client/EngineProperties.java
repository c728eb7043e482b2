package dev.caisson.engine.client;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings by which the service reaches its container engine, and what it expects to find
 * there.
 *
 * @param host where it listens; unset, {@code DOCKER_HOST} or the usual socket
 * @param kitImage whose content is mounted at {@code /opt/caisson} in every sandbox
 * @param kitDockerImage whose content is mounted at {@code /opt/caisson/docker} where Docker is
 *     enabled
 * @param kitDockerImages further ones, each with a Docker of another version, for sandboxes that
 *     ask for that
 * @param pingDeadline within which an engine that is well answers a ping
 * @param callDeadline for everything that has no deadline of its own
 * @param removeDeadline for the removal of a container, whose volumes may hold many files
 * @param kitDeadline for the filling of a kit volume
 * @param pullDeadline for the pull of an image
 * @param connections that may be open for calls at one time
 * @param streams that may be open at one time: events, pulls, archives, logs
 * @param logLevel that supervisors are given; unset, the service's own {@code LOG_LEVEL}
 */
@Validated
@ConfigurationProperties("caisson.engine")
public record EngineProperties(
    @Nullable String host,
    @DefaultValue("caisson/kit") @NotBlank String kitImage,
    @DefaultValue("caisson/kit-docker") @NotBlank String kitDockerImage,
    @DefaultValue List<@NotBlank String> kitDockerImages,
    @DefaultValue("2s") @DurationMin(millis = 1) Duration pingDeadline,
    @DefaultValue("30s") @DurationMin(millis = 1) Duration callDeadline,
    @DefaultValue("2m") @DurationMin(millis = 1) Duration removeDeadline,
    @DefaultValue("5m") @DurationMin(millis = 1) Duration kitDeadline,
    @DefaultValue("15m") @DurationMin(millis = 1) Duration pullDeadline,
    @DefaultValue("64") @Min(1) int connections,
    @DefaultValue("256") @Min(1) int streams,
    @Nullable String logLevel) {

  private static final String USUAL = "unix:///var/run/docker.sock";

  /** Returns where the engine listens. */
  public URI endpoint(Map<String, String> environment) {
    return URI.create(host != null ? host : or(environment.get("DOCKER_HOST"), USUAL));
  }

  /** Returns the log level for supervisors, if one was named. */
  public Optional<String> supervisorLogLevel(Map<String, String> environment) {
    String level = logLevel != null ? logLevel : or(environment.get("LOG_LEVEL"), "");
    return level.isBlank() ? Optional.empty() : Optional.of(level);
  }

  private static String or(@Nullable String value, String otherwise) {
    return value == null || value.isBlank() ? otherwise : value;
  }
}
