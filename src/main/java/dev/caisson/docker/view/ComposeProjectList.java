package dev.caisson.docker.view;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The compose projects of a sandbox, by name. */
@Schema(name = "ComposeProjectList")
record ComposeProjectList(List<ComposeProjectSummary> items) {}
