package dev.caisson.ports;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/** A request to open a port to everybody, or to close it again. */
@Schema(name = "PortChange")
record PublicRequest(@JsonProperty(value = "public", required = true) boolean open) {}
