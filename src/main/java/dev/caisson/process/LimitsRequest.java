package dev.caisson.process;

import dev.caisson.sandbox.ByteSize;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/** Limits of one process and, each for itself, of its descendants ({@code setrlimit}). */
@Schema(name = "ProcessLimits")
record LimitsRequest(
    @Schema(description = "Maximum address space", type = "string", example = "512Mi")
        @Nullable ByteSize memory,
    @Schema(
            description =
                "Maximum processor time in seconds; then the process gets XCPU, and soon KILL",
            example = "60")
        @Positive
        @Nullable Long cpu,
    @Schema(description = "Maximum number of open files", example = "1024") @Positive
        @Nullable Long nofile) {

  Request.Limits toLimits() {
    return new Request.Limits(
        memory == null ? 0 : memory.bytes(), cpu == null ? 0 : cpu, nofile == null ? 0 : nofile);
  }
}
