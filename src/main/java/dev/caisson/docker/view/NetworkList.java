package dev.caisson.docker.view;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The networks that the daemon of a sandbox has. */
@Schema(name = "NetworkList")
record NetworkList(List<NetworkAnswer> items) {}
