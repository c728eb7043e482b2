package dev.caisson.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.dockerjava.api.model.HostConfig;
import java.util.List;

/** A host's part of a container that also names the paths to be covered: docker-java has none. */
final class MaskedHostConfig extends HostConfig {
  private static final long serialVersionUID = 1L;

  private final String[] masked;

  MaskedHostConfig(List<String> masked) {
    this.masked = masked.toArray(String[]::new);
  }

  @JsonProperty("MaskedPaths")
  String[] maskedPaths() {
    return masked.clone();
  }
}
