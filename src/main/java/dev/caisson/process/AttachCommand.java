package dev.caisson.process;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a client of {@code attach} says in a text frame; binary ones are input. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AttachCommand.Resize.class, name = "resize"),
  @JsonSubTypes.Type(value = AttachCommand.Signal.class, name = "signal"),
  @JsonSubTypes.Type(value = AttachCommand.CloseStdin.class, name = "close-stdin"),
  @JsonSubTypes.Type(value = AttachCommand.TakeOver.class, name = "take-over"),
})
sealed interface AttachCommand {

  /** The size of the terminal; of the writer alone. */
  record Resize(int rows, int cols) implements AttachCommand {}

  /** A signal to its whole group; of the writer alone. */
  record Signal(String signal) implements AttachCommand {}

  /** That was all of its input; of the writer alone. */
  record CloseStdin() implements AttachCommand {}

  /** To be the writer from now on, in place of who is. */
  record TakeOver() implements AttachCommand {}
}
