package dev.caisson.process;

import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/** The size of a terminal, in characters. */
@Schema(name = "TerminalSize")
record TerminalSize(
    @Schema(example = "24") @Min(1) @Max(65_535) int rows,
    @Schema(example = "80") @Min(1) @Max(65_535) int cols) {

  static @Nullable TerminalSize from(Request.@Nullable Terminal terminal) {
    return terminal == null ? null : new TerminalSize(terminal.rows(), terminal.cols());
  }

  Request.Terminal toTerminal() {
    return new Request.Terminal(rows, cols);
  }
}
