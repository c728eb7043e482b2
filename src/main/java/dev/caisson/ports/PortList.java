package dev.caisson.ports;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Ports, by number. */
@Schema(name = "PortList")
record PortList(List<PortAnswer> items) {}
