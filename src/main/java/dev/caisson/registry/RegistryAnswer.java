package dev.caisson.registry;

import io.swagger.v3.oas.annotations.media.Schema;

/** A registry that there are credentials of. */
@Schema(name = "Registry")
record RegistryAnswer(@Schema(example = "ghcr.io") String registry) {

  static RegistryAnswer from(RegistryName name) {
    return new RegistryAnswer(name.value());
  }
}
