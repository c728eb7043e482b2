package dev.caisson.docker.view;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The containers of a sandbox, newest first. */
@Schema(name = "ContainerList")
record ContainerList(List<ContainerSummary> items) {}
