package dev.caisson.docker.command;

import dev.caisson.process.ProcessAnswer;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The processes of a prune, one after the other; the output of each names what it removed. */
@Schema(name = "DockerPruned")
record PruneAnswer(List<ProcessAnswer> processes) {}
