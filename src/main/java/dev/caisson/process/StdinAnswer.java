package dev.caisson.process;

import dev.caisson.supervisor.wire.ProcessInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The input of a process that can be given more of it. */
@Schema(name = "ProcessStdin")
record StdinAnswer(
    @Schema(description = "Bytes given since the start", example = "5") long bytes,
    @Schema(description = "Whether more input can be given") boolean open) {

  static @Nullable StdinAnswer from(ProcessInfo.@Nullable Input input) {
    return input == null ? null : new StdinAnswer(input.bytes(), input.open());
  }
}
