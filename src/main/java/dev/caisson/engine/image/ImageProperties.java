package dev.caisson.engine.image;

import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Registries from which the images of sandboxes may come.
 *
 * @param registries that the service's engine may be asked to pull from, as {@code host}, {@code
 *     host:port} or {@code *.host}; {@code docker.io} is where images without a registry come from,
 *     and {@code public} every registry whose name is no address of this machine or of a private
 *     network
 */
@Validated
@ConfigurationProperties("caisson.sandbox.images")
public record ImageProperties(
    @DefaultValue(AllowedRegistries.PUBLIC) @NotEmpty List<String> registries) {

  public ImageProperties {
    registries = List.copyOf(registries);
  }
}
