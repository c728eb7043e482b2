package dev.caisson.docker.view;

import dev.caisson.supervisor.wire.StreamName;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;

/** The data of an event of a container's output. */
sealed interface ContainerEvent {

  /**
   * A piece of output; event {@code output}.
   *
   * @param data the characters that this piece completes
   */
  @Schema(name = "ContainerOutputEvent")
  record Piece(@Schema(example = "stdout") String stream, String data) implements ContainerEvent {
    static Piece of(StreamName stream, String data) {
      return new Piece(stream.name().toLowerCase(Locale.ROOT), data);
    }
  }

  /** The end of the output; event {@code end}. A stream that ends without it broke. */
  @Schema(name = "ContainerOutputEnd")
  record End() implements ContainerEvent {}
}
