package dev.caisson.docker.command;

import dev.caisson.process.ProcessAnswer;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** What a prune came to: its processes, one after the other; what each removed is its output. */
@Schema(name = "DockerPruned")
record PruneAnswer(List<ProcessAnswer> processes) {}
