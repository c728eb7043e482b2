package dev.caisson.docker.view;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The volumes that the daemon of a sandbox has. */
@Schema(name = "VolumeList")
record VolumeList(List<VolumeAnswer> items) {}
