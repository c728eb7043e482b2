package dev.caisson.process;

import dev.caisson.sandbox.ByteSize;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/** Limits of one process and, each for itself, of its descendants ({@code setrlimit}). */
@Schema(name = "ProcessLimits")
record LimitsRequest(
    @Schema(description = "Address space.", type = "string", example = "512Mi")
        @Nullable ByteSize memory,
    @Schema(description = "Seconds of processor time, then XCPU and soon KILL.", example = "60")
        @Positive
        @Nullable Long cpu,
    @Schema(description = "Open files.", example = "1024") @Positive @Nullable Long nofile) {

  Request.Limits toLimits() {
    return new Request.Limits(
        memory == null ? 0 : memory.bytes(), cpu == null ? 0 : cpu, nofile == null ? 0 : nofile);
  }
}
