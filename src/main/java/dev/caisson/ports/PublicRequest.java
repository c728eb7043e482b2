package dev.caisson.ports;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/** Whether anybody may reach a port. */
@Schema(name = "PortChange")
record PublicRequest(@JsonProperty(value = "public", required = true) boolean open) {}
