package dev.caisson.process;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The data of an event of a process's output. */
sealed interface OutputEvent {

  /**
   * A piece of output; event {@code output}.
   *
   * @param data the characters that this piece completes; may be empty
   * @param base64 the exact bytes, where those were asked for instead
   */
  @Schema(name = "OutputEvent")
  record Piece(
      @Schema(example = "12") long seq,
      Instant at,
      @Schema(example = "stderr") String stream,
      @Nullable String data,
      @Nullable String base64)
      implements OutputEvent {}

  /** Pieces the journal's bound has dropped, both inclusive; event {@code gap}. */
  @Schema(name = "GapEvent")
  record Gap(long from, long to) implements OutputEvent {}

  /**
   * The end of the output there is for now; event {@code end}. Ask again with the last id, or
   * follow.
   */
  @Schema(name = "EndEvent")
  record End(String after) implements OutputEvent {}
}
