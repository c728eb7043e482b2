package dev.caisson.registry;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The registries that there are credentials of, by name. */
@Schema(name = "RegistryList")
record RegistryList(List<RegistryAnswer> items) {}
